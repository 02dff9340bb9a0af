import { packageVersion } from './environment.js';
import { EXIT } from './exit-code.js';
import { type Given, type Option, type Options, parseOptions } from './parse-options.js';
import { wrap } from './terminal/lines.js';
import type { Terminal } from './terminal/terminal.js';

/** The commands of `wgrad`, each with one line about it. */
export const COMMANDS = {
  train: 'train a network and show how it went',
  tune: 'search for good hyper-parameters, many networks side by side',
  work: 'train for searches of other machines, through a Postgres database',
  predict: 'predict the rows of a file with a trained model',
  export: 'write a trained model as ONNX, for other programs',
  verify: 'check every kernel and training step of this GPU against float64',
} as const;

/** Returns the text of `wgrad --help`. */
export function mainHelp(version: string): string {
  const commands = Object.entries(COMMANDS).map(([name, about]) => `  ${name.padEnd(9)}${about}`);
  return `wgrad ${version}: training of regularised neural networks on WebGPU

Usage: wgrad COMMAND [OPTIONS]

Commands:
${commands.join('\n')}

wgrad COMMAND --help explains the options of a command; wgrad --version prints the version.
`;
}

/** A command with its arguments read: returns the exit code. */
type Run<O extends Options> = (given: Given<O>, terminal: Terminal, args: readonly string[]) => Promise<number>;

/**
 * Returns a command that answers `--help` and `--version` itself and otherwise calls `run`.
 * @param name for messages, such as `wgrad train`
 * @param help returns the text of `--help` in lines of at most `width` columns
 */
export function command<O extends Options & Record<'help' | 'version', Option>>(
  name: string,
  options: O,
  help: (width: number) => string,
  run: Run<O>,
): (args: readonly string[], terminal: Terminal) => Promise<number> {
  return async (args, terminal) => {
    const given = parseOptions(name, args, options);
    if (given.help) terminal.write(help(Math.min(Math.max(terminal.columns, 60), 100)));
    else if (given.version) terminal.write(`${packageVersion()}\n`);
    else return run(given, terminal, args);
    return EXIT.ok;
  };
}

/** The parts of a command's help. */
export interface HelpParts {
  /** The words that call it, such as `wgrad train`. */
  readonly command: string;
  readonly about: string;
  /** The options under each heading. */
  readonly options: Readonly<Record<string, Options>>;
  /** Blocks of lines below the options. */
  readonly more?: readonly string[];
  /** The exit codes with another meaning than usual; null for one that does not occur. */
  readonly exit?: Partial<Record<keyof typeof EXIT, string | null>>;
}

const EXIT_TEXTS: Record<keyof typeof EXIT, string> = {
  ok: 'done',
  unexpected: 'an unexpected error',
  usage: 'a mistake in the options or in the data',
  unsupported: 'no GPU, or one that is too small',
  diverged: 'training diverged',
  lost: 'the GPU was lost',
  unwritten: 'done, but a file could not be written',
  interrupted: 'stopped by Ctrl-C, SIGTERM or SIGHUP',
};

/** Returns the help of a command, in lines of at most `width` columns. */
export function commandHelp({ command, about, options, more = [], exit }: HelpParts, width: number): string {
  const texts = { ...EXIT_TEXTS, ...exit };
  const codes = Object.entries(EXIT).flatMap(([name, code]) => {
    const text = texts[name as keyof typeof EXIT];
    return text === null ? [] : [entry(String(code), 7, text, width)];
  });
  const blocks = [
    `Usage: ${command} [OPTIONS]`,
    wrap(about, width).join('\n'),
    ...Object.entries(options).map(([heading, each]) => `${heading}:\n${optionLines(each, width).join('\n')}`),
    ...more,
    `Exit codes:\n${codes.join('\n')}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Returns options with their explanations, in lines of at most `width` columns. */
export function optionLines(options: Options, width: number): string[] {
  return Object.entries(options).map(([name, { value, short, text }]) => {
    const flag = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    return entry(flag, 26, text, width);
  });
}

/** Returns a name with its text beside it; a long name stands on a line of its own. */
export function entry(name: string, indent: number, text: string, width: number): string {
  const gap = ' '.repeat(indent);
  const head = `  ${name}`;
  const start = head.length + 2 > indent ? `${head}\n${gap}` : head.padEnd(indent);
  return start + wrap(text, width - indent).join(`\n${gap}`);
}
