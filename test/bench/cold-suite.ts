import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ColdStart } from './cold-first-step.js';
import type { Rival } from './contender.js';
import { ratioText, spreadText } from './figures.js';
import type { SuiteOptions } from './rounds.js';
import { ratioOf, type Spread, spreadOf } from './spread.js';
import type { Table } from './table.js';

/** An engine's start. */
export interface ColdRow {
  readonly engine: string;
  /** Seconds from the first import to the end of the first step. */
  readonly total: Spread;
  /** Seconds of it until the engine could train. */
  readonly ready: Spread;
  readonly ratio: Spread;
}

export interface ColdOptions extends SuiteOptions {
  /** The built `cold-first-step.ts`. */
  readonly script: string;
  readonly rivals: readonly Rival[];
  readonly adapter: string | undefined;
}

/** Nothing that a driver has compiled for an earlier process. */
const NO_CACHES = { MESA_SHADER_CACHE_DISABLE: 'true', __GL_SHADER_DISK_CACHE: '0' };

/**
 * Starts every engine in a process of its own, in turn, without caches of shaders. A rival that does not start is left out,
 * which the log tells.
 */
export async function coldSuite({ rounds, log, script, rivals, adapter = '' }: ColdOptions): Promise<ColdRow[]> {
  const env = { ...process.env, ...NO_CACHES };
  const own: ColdStart[] = [];
  const starts = new Map([['wgrad', own], ...rivals.map((rival): [string, ColdStart[]] => [rival, []])]);
  for (let round = 0; round < rounds; round++) {
    for (const [engine, measured] of starts) {
      try {
        const { stdout } = await promisify(execFile)(process.execPath, [script, engine, adapter], { env });
        const start: ColdStart = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
        measured.push(start);
        log(`cold, round ${round + 1} of ${rounds}: ${engine} ${(start.stepped / 1000).toFixed(2)} s`);
      } catch (error) {
        if (measured === own) throw error;
        starts.delete(engine);
        log(`${engine} does not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const seconds = (measured: readonly ColdStart[], of: keyof ColdStart) => measured.map((start) => start[of] / 1000);
  return [...starts].map(([engine, measured]) => ({
    engine,
    total: spreadOf(seconds(measured, 'stepped')),
    ready: spreadOf(seconds(measured, 'ready')),
    ratio: ratioOf(seconds(measured, 'stepped'), seconds(own, 'stepped')),
  }));
}

/** Returns the table of the times that engines take until their first step is done. */
export function coldTable(rows: readonly ColdRow[]): Table {
  return {
    title: 'Cold: from import to the first step of 784-128-10, a fresh process each, no shader caches',
    head: ['engine', 'wgrad is faster by', 's, min / median / max', 's until the device is there'],
    rows: rows.map(({ engine, total, ready, ratio }) => [
      engine,
      engine === 'wgrad' ? '1' : ratioText(ratio),
      spreadText(total),
      spreadText(ready),
    ]),
  };
}
