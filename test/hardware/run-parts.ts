import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './parts.js';

/** The way a part went. */
export interface PartRun {
  readonly name: string;
  readonly title: string;
  /** The command that repeats it alone; null if there is none. */
  readonly command: string | null;
  /** 'stopped': its time was over, and `result` is what it had by then. 'left out': there was no time for it. */
  readonly status: 'done' | 'failed' | 'stopped' | 'left out';
  readonly seconds: number;
  readonly exitCode: number | null;
  /** The JSON that it wrote; null if it wrote none. */
  readonly result: unknown;
  /** The end of what it printed. */
  readonly output: string;
}

/** The files and limits of a run. */
export interface RunOptions {
  /** Folder of the built scripts, to which parts write, too. */
  readonly folder: string;
  readonly minutes: number;
  readonly adapter?: string | undefined;
  readonly log: (line: string) => void;
}

/** Less time than this is not worth a start. */
const LEAST_SECONDS = 8;
/** Characters of output that are kept of a part. */
const KEPT_OUTPUT = 20_000;
/** Seconds between the request to stop and the end. */
const GRACE = 6;

/** Returns the seconds of the first of some parts: its share of those left, all for the last one; 0 if they are too few. */
export function secondsFor(parts: readonly Part[], left: number): number {
  if (left < LEAST_SECONDS) return 0;
  const wanted = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  return parts.length === 1 ? left : (parts[0].seconds * left) / wanted;
}

/** Runs parts one after another until the time is over; none after the first one if that has no result. */
export async function runParts(parts: readonly Part[], options: RunOptions): Promise<PartRun[]> {
  const { minutes, log } = options;
  const end = performance.now() + 60_000 * minutes;
  const runs: PartRun[] = [];
  for (const [i, part] of parts.entries()) {
    const seconds = secondsFor(parts.slice(i), (end - performance.now()) / 1000 - GRACE);
    if (seconds === 0) {
      log(`${part.name}: left out, the time is over`);
      runs.push(leftOut(part));
      continue;
    }
    log(`${part.name}: at most ${seconds.toFixed(0)} s`);
    const run = await runPart(part, seconds, options);
    log(`${part.name}: ${run.status} after ${run.seconds.toFixed(0)} s`);
    runs.push(run);
    if (i === 0 && run.result === null) break;
  }
  return runs;
}

const leftOut = ({ name, title }: Part): PartRun => ({
  name,
  title,
  command: null,
  status: 'left out',
  seconds: 0,
  exitCode: null,
  result: null,
  output: '',
});

/** Runs a part, and stops it after some seconds. */
export async function runPart(part: Part, seconds: number, { folder, adapter, log }: RunOptions): Promise<PartRun> {
  const { name, title } = part;
  const asked = [...part.arguments(seconds), ...(adapter === undefined ? [] : ['--adapter', adapter])];
  const file = join(folder, `${name}.json`);
  const started = performance.now();
  const child = spawn(process.execPath, [join(folder, 'part.js'), ...asked, '--json', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output = `${output}${data}`.slice(-KEPT_OUTPUT);
      for (const line of String(data).trim().split('\n').slice(-1)) log(`  ${line.slice(0, 150)}`);
    });
  }
  let isStopped = false;
  const stop = setTimeout(() => {
    isStopped = true;
    child.kill('SIGINT'); // what can end in order does, and writes what it has
  }, 1000 * seconds);
  const kill = setTimeout(() => child.kill('SIGKILL'), 1000 * (seconds + GRACE));
  const exitCode = await new Promise<number | null>((done) => {
    child.on('close', done);
    child.on('error', () => done(null));
  });
  clearTimeout(stop);
  clearTimeout(kill);
  const result: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  const isCut = isStopped || (exitCode !== 0 && part.isCut?.(result) === true);
  return {
    name,
    title,
    command: part.command?.(asked) ?? null,
    status: isCut ? 'stopped' : exitCode === 0 ? 'done' : 'failed',
    seconds: (performance.now() - started) / 1000,
    exitCode,
    result,
    output,
  };
}
