import { spawn } from 'node:child_process';

/** The result of a program that ended. */
export interface Ended {
  readonly code: number | null;
  /** Its output, stdout and stderr together. */
  readonly text: string;
}

/** Runs a program in this process's environment and `environment`. @throws the error of a program that does not start */
export function runProgram(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data));
    child.on('error', fail);
    child.on('close', (code) => done({ code, text }));
  });
}

/** Runs a program that must succeed. @throws Error with the end of what it printed */
export async function mustRun(
  program: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<string> {
  const { code, text } = await runProgram(program, args, environment);
  if (code === 0) return text;
  const end = text.trim().split('\n').slice(-5).join('\n');
  throw new Error(`${program} ${args.slice(0, 3).join(' ')} ends with ${code}\n${end}`);
}
