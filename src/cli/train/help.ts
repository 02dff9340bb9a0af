import { commandHelp, entry } from '../help.js';
import { readConfig } from './config.js';
import { describeModel, describeTraining } from './model.js';
import { TRAIN_OPTIONS } from './options.js';
import { PRESET_NAMES, PRESETS } from './presets.js';

/** Features and outputs of the data that presets bring. */
const SIZES = { mnist: [784, 10], line: [1, 1], sum: [10, 1] } as const;

/** Returns the text of `wgrad train --help`, in lines of at most `width` columns. */
export function trainHelp(width: number): string {
  const presets = PRESET_NAMES.map((preset) => {
    const { about, data } = PRESETS[preset];
    const config = readConfig({ preset });
    const [features, outputs] = SIZES[data];
    const model = describeModel(config, features, outputs);
    return entry(preset, 11, `${about}: ${model}; ${describeTraining(config, data === 'mnist')}`, width);
  });
  const about = 'Trains a network on WebGPU and shows how it went. On a machine without a GPU it uses a software one.';
  const more = [
    `Presets:\n${presets.join('\n')}`,
    'Environment: NO_COLOR turns colours off, CI turns the progress bar off.',
  ];
  return commandHelp({ command: 'wgrad train', about, options: TRAIN_OPTIONS, more }, width);
}
