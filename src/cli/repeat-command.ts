/**
 * Returns the command that repeats a run: the arguments as given, and the seed, if there is one, even if it was not.
 * @param start the command itself, such as `wgrad train`
 * @param resumes true for a run that was stopped, and goes on from its checkpoint
 */
export function repeatCommand(start: string, args: readonly string[], seed?: number | bigint, resumes = false): string {
  const has = (option: string) => args.some((arg) => arg === option || arg.startsWith(`${option}=`));
  const resume = resumes && !has('--resume') ? ['--resume'] : [];
  return [
    start,
    ...args.map(shellWord),
    ...resume,
    ...(has('--seed') || seed === undefined ? [] : [`--seed ${seed}`]),
  ].join(' ');
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
