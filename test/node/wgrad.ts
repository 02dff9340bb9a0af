import { type ChildProcess, spawn } from 'node:child_process';

/** How a process ended and what it printed. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Sees a process and what it has printed so far. */
type Watch = (child: ChildProcess, stdout: string) => void;

/** Runs the command line as built. */
export const wgrad = (args: readonly string[], watch?: Watch) => runNode(['dist/cli.js', ...args], watch);

/** Runs Node with a script and its arguments. */
export function runNode(args: readonly string[], watch?: Watch): Promise<Ended> {
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
