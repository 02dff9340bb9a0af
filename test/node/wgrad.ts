import { type ChildProcess, spawn } from 'node:child_process';
import { vi } from 'vitest';
import { reported } from '../../src/cli/exit-code.js';
import { run } from '../../src/cli/run.js';
import { recorder } from './recorder.js';

/** The end of a command: its exit code and what it printed. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line in this process: that takes a fraction of the time of a process of its own. */
export async function wgrad(args: readonly string[]): Promise<Ended> {
  const { terminal, written } = recorder({ columns: 100 });
  let stderr = '';
  const error = vi.spyOn(console, 'error').mockImplementation((line) => {
    stderr += `${line}\n`;
  });
  try {
    const code = await reported(() => run(args, terminal));
    return { code, stdout: written.join(''), stderr };
  } finally {
    error.mockRestore();
  }
}

/** Runs Node with a script and its arguments; `watch` sees the process and what it has printed so far. */
export function runNode(
  args: readonly string[],
  watch?: (child: ChildProcess, stdout: string) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args);
    const ended: Ended = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (data) => {
      ended.stdout += data;
      watch?.(child, ended.stdout);
    });
    child.stderr.on('data', (data) => {
      ended.stderr += data;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}
