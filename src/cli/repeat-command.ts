/** Returns the command that repeats a run: the arguments as given, and the seed even if it was not. */
export function repeatCommand(
  args: readonly string[],
  seed: number | bigint,
  env: Readonly<Record<string, string | undefined>>,
  command = 'train',
): string {
  const start = env.npm_lifecycle_event === command ? `npm run ${command} --` : `wgrad ${command}`;
  const hasSeed = args.some((arg) => arg === '--seed' || arg.startsWith('--seed='));
  return [start, ...args.map(shellWord), ...(hasSeed ? [] : [`--seed ${seed}`])].join(' ');
}

/** A word as it is typed in a POSIX shell. */
export const shellWord = (word: string) =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
