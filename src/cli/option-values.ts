import { checkChoice, checkNumber, type NumberRange } from '../errors/arguments.js';
import { helpHint } from './parse-options.js';
import { UsageError } from './usage-error.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A text as a number; as it is if it is none. */
export const numberOr = (text: string): number | string => (NUMBER.test(text) ? Number(text) : text);

/** What reads the values of one command's options. */
export type OptionValues = ReturnType<typeof optionValues>;

/** Returns what reads the values of a command's options; all of it throws UsageErrors that name the option. */
export function optionValues(command: string) {
  /** The error of an option that cannot be followed. */
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
