import { EXIT } from './exit-code.js';
import type { Options } from './parse-options.js';
import { wrap } from './terminal/wrap.js';
import { readConfig } from './train/config.js';
import { describeModel, describeTraining } from './train/describe-config.js';
import { TRAIN_OPTIONS } from './train/options.js';
import { PRESET_NAMES, PRESETS } from './train/presets.js';

/** The commands of `wgrad` and what each does. */
export const COMMANDS = {
  train: 'train a network and show how it went',
  tune: 'search for good hyper-parameters, many networks side by side',
  verify: 'check every kernel and training step of this GPU against float64',
} as const;

/** What `wgrad --help` prints. */
export function mainHelp(version: string): string {
  const commands = Object.entries(COMMANDS).map(([name, about]) => `  ${name.padEnd(11)}${about}`);
  return `wgrad ${version}: training of regularised neural networks on WebGPU

Usage: wgrad COMMAND [OPTIONS]

Commands:
${commands.join('\n')}

wgrad COMMAND --help explains the options of a command; wgrad --version prints the version.
`;
}

/** Features and outputs of the data that presets bring. */
const SIZES = { mnist: [784, 10], line: [1, 1], sum: [10, 1] } as const;

/** What `wgrad train --help` prints, in lines of at most `width` columns. */
export function trainHelp(width: number): string {
  const presets = PRESET_NAMES.map((preset) => {
    const { about, data } = PRESETS[preset];
    const config = readConfig({ preset });
    const [features, outputs] = SIZES[data];
    const model = describeModel(config, features, outputs);
    return entry(preset, 11, `${about}: ${model}; ${describeTraining(config, data === 'mnist')}`, width);
  });
  const { ok, unexpected, usage, unsupported, diverged, lost, interrupted } = EXIT;
  const codes: [number, string][] = [
    [ok, 'done'],
    [unexpected, 'something that should not have happened'],
    [usage, 'a mistake in the options or in the data'],
    [unsupported, 'no GPU, or one that is too small'],
    [diverged, 'training diverged'],
    [lost, 'the GPU was lost'],
    [interrupted, 'stopped by Ctrl-C'],
  ];
  return `Usage: wgrad train [OPTIONS]

Trains a network on WebGPU and shows how it went. On a machine without a GPU it uses a software one.

Options:
${optionLines(TRAIN_OPTIONS, width).join('\n')}

Presets:
${presets.join('\n')}

Environment: NO_COLOR turns colours off, CI the progress bar.
Exit codes:
${codes.map(([code, about]) => `  ${String(code).padEnd(5)}${about}`).join('\n')}
`;
}

/** Options and what each does, in lines of at most `width` columns. */
export function optionLines(options: Options, width: number): string[] {
  return Object.entries(options).map(([name, { value, short, text }]) => {
    const flag = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    return entry(flag, 26, text, width);
  });
}

/** A name and its text beside it; a long name stands on a line of its own. */
function entry(name: string, indent: number, text: string, width: number): string {
  const gap = ' '.repeat(indent);
  const head = `  ${name}`;
  const start = head.length + 2 > indent ? `${head}\n${gap}` : head.padEnd(indent);
  return start + wrap(text, width - indent).join(`\n${gap}`);
}
