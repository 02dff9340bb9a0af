import { parseArgs } from 'node:util';
import { suggestion } from '../errors/arguments.js';
import { UsageError } from './usage-error.js';

/** What `--help` says of an option. */
export interface Option {
  /** What its value is called, such as `FILE`; an option without one is a switch. */
  readonly value?: string;
  readonly text: string;
  /** The one letter that stands for it. */
  readonly short?: string;
}

export type Options = Readonly<Record<string, Option>>;

/** The options that were given: their text, or true for a switch. */
export type Given<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { readonly value: string } ? string : true;
};

/**
 * Returns the options in `args`, which may hold nothing else.
 * @param command for messages, such as `wgrad train`
 * @throws UsageError for an unknown option (with the nearest known one), one given twice, a missing value, a value of
 * a switch, or anything that is no option.
 */
export function parseOptions<O extends Options>(command: string, args: readonly string[], options: O): Given<O> {
  const refuse = (message: string) => new UsageError(`${command}: ${message}`, helpHint(command));
  const given: Record<string, string | true> = {};
  const names = Object.keys(options);
  // Not strict: that would throw sentences that differ between versions of Node and suggest nothing.
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names.map((name) => [name, described(options[name])])),
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw refuse(`unexpected argument ${JSON.stringify(token.value)}`);
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(options, name)) {
      throw refuse(`unknown option '${rawName}'${suggestion(rawName, flagsOf(options))}`);
    }
    const { value: placeholder } = options[name];
    if (Object.hasOwn(given, name)) throw refuse(`${rawName} is given twice`);
    if (placeholder === undefined) {
      if (value !== undefined) throw refuse(`${rawName} takes no value, got ${JSON.stringify(value)}`);
      given[name] = true;
      continue;
    }
    if (value === undefined || value === '' || (!inlineValue && isOption(value, options))) {
      throw refuse(`${rawName} needs a value: ${rawName} ${placeholder}`);
    }
    given[name] = value;
  }
  return given as Given<O>;
}

/** Where the options of a command are explained. */
export const helpHint = (command: string) => `"${command} --help" explains the options.`;

const described = ({ value, short }: Option) => ({
  type: value === undefined ? ('boolean' as const) : ('string' as const),
  ...(short !== undefined && { short }),
});

const flagsOf = (options: Options) => Object.keys(options).map((name) => `--${name}`);

/** Whether a word in the place of a value is the next option: `-1` is a number, `--epochs` is none. */
const isOption = (word: string, options: Options) =>
  word.startsWith('--') || Object.values(options).some(({ short }) => word === `-${short}`);
