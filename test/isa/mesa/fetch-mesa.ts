import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../../src/index.js';
import { mustRun, runProgram } from './run-program.js';

/** The newest Mesa that Debian has, with its no-op kernel drivers; the loader and its headers, and what they need. */
const SUITE = 'trixie-backports';
const PACKAGES = ['mesa-vulkan-drivers', 'mesa-drm-shim', 'libvulkan1', 'libvulkan-dev', 'libstdc++6'];

/** Returns the mirror that apt uses here. */
function mirror(): string | undefined {
  const sources = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'].filter((file) =>
    existsSync(file),
  );
  const urls = sources.flatMap((file) =>
    Array.from(readFileSync(file, 'utf8').matchAll(/^(?:URIs:|deb(?: \[.*\])?) *(http\S+)/gm), ([, url]) => url),
  );
  return urls.find((url) => !url.includes('security'));
}

/** Refuses machines for which there are no such packages. @throws EngineError `unsupported` */
async function checkMachine(): Promise<void> {
  const needs = 'npm run isa runs on Debian, on a 64-bit PC, with gcc and apt';
  const architecture = await runProgram('dpkg', ['--print-architecture']).catch(() => undefined);
  if (architecture?.text.trim() !== 'amd64') throw new EngineError('unsupported', `${needs}: here is no such Debian`);
  for (const tool of ['apt-get', 'gcc']) {
    const { code } = await runProgram(tool, ['--version']).catch(() => ({ code: null }));
    if (code !== 0) throw new EngineError('unsupported', `${needs}: here is no ${tool}`);
  }
  if (!mirror()) throw new EngineError('unsupported', `${needs}: apt's configuration names no mirror of Debian`);
}

/** Writes a configuration under which apt knows no installed package, so that it fetches all that is needed, libc too. */
function writeAptConfiguration(folder: string): string {
  for (const name of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, name), { recursive: true });
  const [keyring] = ['gpg', 'pgp']
    .map((type) => `/usr/share/keyrings/debian-archive-keyring.${type}`)
    .filter(existsSync);
  const sources = { URIs: mirror(), Suites: `trixie ${SUITE}`, Components: 'main', 'Signed-By': keyring };
  const lines = Object.entries(sources).map(([name, value]) => `${name}: ${value}`);
  writeFileSync(join(folder, 'debian.sources'), ['Types: deb', ...lines, ''].join('\n'));
  writeFileSync(join(folder, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'debian.sources'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': 'root', // apt would give its files to a user of its own
    'Debug::NoLocking': 'true', // the lock is that of the machine's packages
  };
  const file = join(folder, 'apt.conf');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(''),
  );
  return file;
}

/** Fetches and unpacks the packages into a new folder; nothing is installed. */
async function unpack(folder: string): Promise<void> {
  const apt = join(folder, 'apt');
  mkdirSync(apt, { recursive: true });
  const environment = { APT_CONFIG: writeAptConfiguration(apt) };
  await mustRun('apt-get', ['update', '-qq'], environment);
  const options = ['--yes', '--download-only', '--no-install-recommends', '-t', SUITE];
  await mustRun('apt-get', ['install', ...options, ...PACKAGES], environment);
  const archives = join(apt, 'cache/archives');
  for (const name of readdirSync(archives).filter((each) => each.endsWith('.deb'))) {
    await mustRun('dpkg', ['-x', join(archives, name), folder]);
  }
  for (const name of ['doc', 'man', 'locale', 'lintian'])
    rmSync(join(folder, 'usr/share', name), { recursive: true, force: true });
  rmSync(apt, { recursive: true });
}

/**
 * Returns the folder of Mesa, its libraries and headers, which lies in the folder for temporary files: 60 MB are fetched and
 * 400 MB unpacked once.
 * @throws EngineError `unsupported` on a machine without Debian's packages
 */
export async function mesaFolder(log: (line: string) => void): Promise<string> {
  await checkMachine();
  const folder = join(tmpdir(), 'wgrad-mesa');
  if (existsSync(folder)) return folder;
  log(`Mesa is fetched into ${folder}, once`);
  const unpacked = `${folder}-${process.pid}`;
  process.on('exit', () => rmSync(unpacked, { recursive: true, force: true }));
  await unpack(unpacked);
  if (existsSync(folder)) return folder; // another run was faster
  renameSync(unpacked, folder);
  return folder;
}
