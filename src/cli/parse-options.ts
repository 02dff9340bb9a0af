import { parseArgs } from 'node:util';
import { checkChoice, checkNumber, type NumberRange, suggestion } from '../errors/arguments.js';
import { shellWord } from './repeat-command.js';

/** A mistake on the command line: the sentence says what is wrong, `hint` where to read what is right. */
export class UsageError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}

/** An option, as `--help` explains it. */
export interface Option {
  /** The name of its value, such as `FILE`; an option without one is a switch. */
  readonly value?: string;
  readonly text: string;
  /** The one letter that stands for it. */
  readonly short?: string;
}

export type Options = Readonly<Record<string, Option>>;

/** The options that several commands have. */
export const ADAPTER_OPTION = {
  value: 'NAME',
  text: "Part of the GPU's name, such as llvmpipe; default: the one that Dawn prefers.",
} as const satisfies Option;
export const REFERENCE_OPTION = { text: 'Compute on the CPU, slowly, without WebGPU.' } as const satisfies Option;
export const GENERAL_OPTIONS = {
  help: { short: 'h', text: 'Print this.' },
  version: { text: 'Print the version.' },
} as const satisfies Options;

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
    if (token.kind === 'positional') {
      const isFile = 'data' in options && /[./]/.test(token.value);
      const meant = isFile ? `, did you mean --data ${shellWord(token.value)}?` : '';
      throw refuse(`unexpected argument ${JSON.stringify(token.value)}${meant}`);
    }
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

/** Returns the sentence that says where the options of a command are explained. */
const helpHint = (command: string) => `"${command} --help" explains the options.`;

const described = ({ value, short }: Option) => ({
  type: value === undefined ? ('boolean' as const) : ('string' as const),
  ...(short !== undefined && { short }), // parseArgs refuses undefined
});

const flagsOf = (options: Options) => Object.keys(options).map((name) => `--${name}`);

/** Returns true if a word in the place of a value is the next option: `--epochs` is one, the number `-1` is not. */
const isOption = (word: string, options: Options) =>
  word.startsWith('--') || Object.values(options).some(({ short }) => word === `-${short}`);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Returns a text as a number, or the text itself if it is none. */
export const numberOr = (text: string): number | string => (NUMBER.test(text) ? Number(text) : text);

/** Reads the values of one command's options. */
export type OptionValues = ReturnType<typeof optionValues>;

/** Returns functions that read the values of a command's options; each throws a UsageError that names the option. */
export function optionValues(command: string) {
  /** Returns the error of an option that cannot be followed. */
  const refuse = (message: string) => new UsageError(`${command}: ${message}`, helpHint(command));

  /** Returns what `check` returns; its TypeErrors and RangeErrors, which name the option, become UsageErrors. */
  const checked = <T>(check: (command: string) => T): T => {
    try {
      return check(command);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new UsageError(error.message, helpHint(command));
    }
  };

  const choice = <T extends string>(name: string, text: string, allowed: readonly T[]): T =>
    checked((where) => checkChoice(where, name, text, allowed));

  const number = (name: string, text: string | undefined, range: NumberRange): number | undefined =>
    text === undefined ? undefined : checked((where) => checkNumber(where, name, numberOr(text), range));

  return { refuse, checked, choice, number };
}
