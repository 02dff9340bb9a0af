import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { reported } from '../../src/cli/exit-code.js';
import { run } from '../../src/cli/run.js';
import { recorder } from './recorder.js';
import { shareDevices } from './share-devices.js';

/** The end of a command: its exit code and what it printed. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Returns the words of a line. */
const wordsOf = (line: string) => line.split(' ').filter(Boolean);

/**
 * Runs a line of the command line in this process, on a device that the lines share: that takes a fraction of the time of a
 * process of its own.
 */
export async function wgrad(line: string): Promise<Ended> {
  const { terminal, written } = recorder({ columns: 100 });
  let stderr = '';
  const error = vi.spyOn(console, 'error').mockImplementation((text) => {
    stderr += `${text}\n`;
  });
  const endSharing = shareDevices();
  try {
    const code = await reported(() => run(wordsOf(line), terminal));
    return { code, stdout: written.join(''), stderr };
  } finally {
    endSharing();
    error.mockRestore();
  }
}

/** Returns the JSON of a file. */
export const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8'));

/** Runs a line that must end well, and returns what it printed and what it wrote to `--json NAME.json` in the folder. */
export async function succeed<T>(folder: string, name: string, line: string): Promise<Ended & { result: T }> {
  const json = join(folder, `${name}.json`);
  const ended = await wgrad(`${line} --json ${json}`);
  if (ended.code !== 0) throw new Error(`wgrad ${line}: exit code ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
  return { ...ended, result: await readJson(json) };
}

/** Runs a line of Node, a script and its arguments; sends Ctrl-C as soon as `stopAt` has been printed. */
export function runNode(line: string, stopAt?: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, wordsOf(line));
    const ended: Ended = { code: null, stdout: '', stderr: '' };
    let sent = false;
    child.stdout.on('data', (data) => {
      ended.stdout += data;
      if (!sent && stopAt && ended.stdout.includes(stopAt)) sent = child.kill('SIGINT');
    });
    child.stderr.on('data', (data) => {
      ended.stderr += data;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}
