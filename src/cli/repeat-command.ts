/**
 * Returns the command that repeats a run: the arguments as given, and the seed, if there is one, even if it was not.
 * @param start the command itself, such as `wgrad train`
 */
export function repeatCommand(start: string, args: readonly string[], seed?: number | bigint): string {
  const hasSeed = args.some((arg) => arg === '--seed' || arg.startsWith('--seed='));
  return [start, ...args.map(shellWord), ...(hasSeed || seed === undefined ? [] : [`--seed ${seed}`])].join(' ');
}

/** Returns how the user calls a command: through npm, if npm runs the command `running`. */
export function commandStart(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  running = command,
): string {
  return env.npm_lifecycle_event === running ? `npm run ${command} --` : `wgrad ${command}`;
}

/** A word as it is typed in a POSIX shell. */
export const shellWord = (word: string) =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
