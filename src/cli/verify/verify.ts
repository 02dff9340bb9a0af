import { readFile } from 'node:fs/promises';
import { isRecord } from '../../errors/arguments.js';
import { createTrainer, type Engine, loadTrainer, type Trainer } from '../../index.js';
import { DROPOUT_RATE } from '../../nn/dropout-rate.js';
import { AT_LEAST_0 } from '../../nn/hyper-parameters.js';
import {
  type Report,
  type Section,
  type VerifyOptions,
  type VerifyProgress,
  verify,
  verifyEngine,
} from '../../verify.js';
import { openEngine, packageVersion, webgpuHost } from '../environment.js';
import { EXIT } from '../exit-code.js';
import { command } from '../help.js';
import { onInterrupt } from '../interrupt.js';
import { checkFiles, FileWriter } from '../output-files.js';
import { optionValues } from '../parse-options.js';
import { shellWord } from '../repeat-command.js';
import type { Terminal } from '../terminal/terminal.js';
import { buildTraining, type NetworkConfig } from '../train/model.js';
import { NO_NUMBERS } from '../train/own-numbers.js';
import { NO_PARTS } from '../train/part-settings.js';
import { ACTIVATION_NAMES, OPTIMIZER_NAMES, OPTIMIZERS } from '../train/presets.js';
import { VERIFY_OPTIONS, type VerifyGiven, verifyHelp } from './options.js';

const COMMAND = 'wgrad verify';
const { refuse, choice, number } = optionValues(COMMAND);

/** Runs `wgrad verify` and returns the exit code: 0 only if everything was checked and holds. */
export const verifyCommand = command(COMMAND, VERIFY_OPTIONS, verifyHelp, verifyAsGiven);

async function verifyAsGiven(given: VerifyGiven, terminal: Terminal): Promise<number> {
  const asked = readOptions(given);
  const network = readNetwork(given);
  await checkFiles({ '--json': given.json }, refuse, { '--load': given.load });
  const saved = given.load === undefined ? undefined : await readSaved(given.load);
  const interrupt = onInterrupt(() =>
    terminal.write('\nStopping without a report; --seconds N stops in time to write one.\n'),
  );
  const engine = await openEngine(given.adapter, refuse);
  try {
    const trainer = saved ? await loadTrainer(engine, saved) : network && (await network(engine));
    const options = {
      ...asked,
      host: webgpuHost(),
      signal: interrupt.signal,
      onProgress: progressOf(terminal),
    };
    const report = await asUsage(() => (trainer ? verify(trainer, options) : verifyEngine(engine, options)));
    clear(terminal);
    terminal.write(`wgrad ${packageVersion()} verify\n\n${onCommandLine(report, given)}\n`);
    const files = new FileWriter();
    await files.write(
      '--json',
      given.json,
      () => `${JSON.stringify({ version: packageVersion(), ...report }, null, 2)}\n`,
    );
    for (const path of files.written) terminal.write(`written to ${path}\n`);
    const complete = report.omitted.length === 0 && report.checks.every(({ unchecked }) => unchecked === 0);
    return files.exitCode(report.passed && complete ? EXIT.ok : EXIT.unexpected);
  } finally {
    interrupt.release();
    engine.dispose();
  }
}

/** Returns the report; an error of the library about an option becomes a UsageError. */
async function asUsage(run: () => Promise<Report>): Promise<Report> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      if (/^verify(Engine)?: /.test(error.message))
        throw refuse(error.message.replace(/^verify(Engine)?: (\w+)/, '--$2'));
    }
    throw error;
  }
}

function readOptions({ quick, sections, kernel, variant, shape, seed, seconds, steps }: VerifyGiven): VerifyOptions {
  if (kernel === undefined && shape !== undefined) throw refuse('--shape needs --kernel');
  return {
    quick: quick === true,
    sections: sections?.split(',') as Section[] | undefined, // checked by the library
    kernel,
    variant,
    shape: shape === undefined ? undefined : readShape(shape),
    seed: number('--seed', seed, { min: 0, max: 2 ** 32 - 1, integer: true }),
    seconds: number('--seconds', seconds, { min: 0, exclusive: 'min' }),
    steps: number('--steps', steps, { min: 1, integer: true }),
  };
}

function readShape(text: string): Record<string, number> {
  const pairs = text.split(',').map((part) => part.match(/^([a-z]+)=(\d+)$/));
  if (pairs.includes(null)) throw refuse(`--shape must be sizes such as m=33,n=34,k=35, got ${JSON.stringify(text)}`);
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])]));
}

/** Options that name the model to check. */
const SUBJECT = ['model', 'load'] as const;
/** Options that only mean something for --model. */
const OF_MODEL = ['activation', 'dropout', 'l2', 'optimizer', 'batch'] as const;

/** Returns a function that makes the trainer of --model; undefined without --model. */
function readNetwork(given: VerifyGiven): ((engine: Engine) => Promise<Trainer>) | undefined {
  const { model, load, kernel } = given;
  if (model !== undefined && load !== undefined) throw refuse('--model and --load both name a model');
  for (const name of OF_MODEL) {
    if (given[name] !== undefined && model === undefined) throw refuse(`--${name} is for --model`);
  }
  if (kernel !== undefined && (model ?? load) !== undefined) {
    throw refuse(`--kernel checks a kernel alone; leave --${model === undefined ? 'load' : 'model'} out`);
  }
  if (model === undefined) return undefined;
  const sizes = model.split('-').map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : 0));
  if (sizes.length < 2 || !sizes.every((size) => size >= 1)) {
    throw refuse(`--model must be at least two positive integers such as 784-512-10, got ${JSON.stringify(model)}`);
  }
  const [features, ...hidden] = sizes.slice(0, -1);
  const classes = sizes[sizes.length - 1];
  const activation = choice('--activation', given.activation ?? 'relu', ACTIVATION_NAMES);
  const rate = number('--dropout', given.dropout, DROPOUT_RATE) ?? 0.5;
  const strength = number('--l2', given.l2, AT_LEAST_0) ?? 1e-4;
  const optimizer = choice('--optimizer', given.optimizer ?? 'momentum', OPTIMIZER_NAMES);
  const batch = number('--batch', given.batch, { min: 1, integer: true }) ?? 64;
  const config: NetworkConfig = {
    ...NO_PARTS,
    ...NO_NUMBERS,
    ...OPTIMIZERS[optimizer],
    loss: null,
    labelSmoothing: null,
    hidden,
    norm: null,
    activation,
    dropout: hidden.map(() => rate),
    l2: strength,
    l2Convention: 'half',
    optimizer,
    batch,
  };
  const network = buildTraining(config, { examples: batch, features, outputs: 1, classes });
  return (engine) => createTrainer(engine, network.model, network.options);
}

async function readSaved(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw refuse(`--load: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Shows the check that is running, if someone watches. */
function progressOf(terminal: Terminal): (progress: VerifyProgress) => void {
  return ({ section, name, done, total }) => {
    if (!terminal.live) return;
    terminal.write(`\r${`${section} ${done + 1}/${total}  ${name}`.slice(0, terminal.columns - 1)}\x1b[K`);
  };
}

function clear({ live, write }: Terminal): void {
  if (live) write('\r\x1b[K');
}

/** Returns the report's text, with the calls that repeat a failure as commands. */
function onCommandLine(report: Report, given: VerifyGiven): string {
  const failed = report.checks.filter(({ passed }) => !passed);
  let next = 0;
  return `${report}`.replace(/again: .*$/gm, () => `again: ${commandOf(failed[next++].repeat, given)}`);
}

/** Returns the command that repeats a check alone. */
function commandOf({ call, options }: Report['checks'][number]['repeat'], given: VerifyGiven): string {
  const names = call === 'verify' ? [...SUBJECT, ...OF_MODEL] : [];
  const kept = [...names, 'adapter' as const].flatMap((name) =>
    given[name] === undefined ? [] : [`--${name}`, given[name]],
  );
  const repeated = Object.entries(options).flatMap(([name, value]) => {
    if (name === 'members') return []; // always the default here
    if (value === true) return [`--${name}`];
    const text = isRecord(value) ? Object.entries(value).map(([letter, size]) => `${letter}=${size}`) : value;
    return [`--${name}`, String(text)];
  });
  return ['npm run verify --', ...[...kept, ...repeated].map(shellWord)].join(' ');
}
