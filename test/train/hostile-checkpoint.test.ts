import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/data/safetensors.js';
import { createEngine, type Engine, loadTrainer } from '../../src/index.js';
import { changed, GOOD, json } from './checkpoint-file.js';
import { complaint } from './complaint.js';
import { type CountingDevice, countingDevice } from './counting-device.js';
import { expectRefused, type Refusal } from './refusals.js';

let counting: CountingDevice;
let engine: Engine;
beforeAll(async () => {
  counting = await countingDevice();
  engine = await createEngine({ device: counting.device });
});
afterAll(() => counting.device.destroy());

const meta = (values: Record<string, string>) => changed(({ metadata }) => Object.assign(metadata, values));
const hyper = (values: object) => json('hyperParameters', values);

/** Values of JSON that are no numbers, though `Number` makes one of most, and how messages show them. */
const NO_NUMBERS = [
  ['{"toString":1}', 'a Object'],
  ['{"constructor":{"name":{"toString":1}}}', 'a Object'],
  ['[]', '[]'],
  ['[7]', '[7]'],
  ['['.repeat(1e5) + ']'.repeat(1e5), 'an array of 1'],
  ['true', 'true'],
  ['null', 'null'],
  ['"0x10"', '"0x10"'],
  ['"7"', '"7"'],
  ['""', '""'],
] as const;

const FORMAT = "the file's format must be 'wgrad checkpoint 1', got";
const FILES: readonly (readonly [what: string, bytes: () => Uint8Array, message: string])[] = [
  ['nothing', () => new Uint8Array(), 'safetensors: too short at offset 0: expected at least 8 bytes, got 0'],
  ['a file of another program', () => writeSafetensors([]), `loadTrainer: ${FORMAT} undefined`],
  ['a later version', () => meta({ format: 'wgrad checkpoint 2' }), `loadTrainer: ${FORMAT} "wgrad checkpoint 2"`],
  [
    'a missing state',
    () => changed(({ tensors }) => tensors.shift()),
    "loadTrainer: the file has no 'dense0.w', which the model needs as [2, 4]",
  ],
  [
    'another shape',
    () => changed(({ tensors }) => tensors[0].shape.reverse()),
    "loadTrainer: 'dense0.w' must have the shape [2, 4], got [4, 2]",
  ],
  [
    'a flat shape',
    () => changed(({ tensors }) => tensors[0].shape.splice(0, 2, 8)),
    "loadTrainer: 'dense0.w' must have the shape [2, 4], got [8]",
  ],
  [
    'integers',
    () => changed(({ tensors }) => Object.assign(tensors[0], { data: new Uint32Array(8) })),
    "loadTrainer: 'dense0.w' must be F32, got U32",
  ],
  [
    'NaN',
    () => changed(({ tensors }) => tensors[2].data.fill(NaN, 7, 8)),
    "loadTrainer: 'dense1.w' holds NaN at row 2, column 1",
  ],
  [
    'a state too many',
    () => changed(({ tensors }) => tensors.push({ name: 'dense9.w', shape: [1], data: new Float32Array(1) })),
    "loadTrainer: the model has no 'dense9.w', but the file has",
  ],
  ...[undefined, '', '1.5', '-1', '0x10', ' 7', '7e1', '4294967296', '1'.repeat(99)].map(
    (step) =>
      [
        `the step ${step}`,
        () =>
          changed(({ metadata }) => (step === undefined ? delete metadata.step : Object.assign(metadata, { step }))),
        `loadTrainer: the metadata's step must be an integer in [0, 2^32), got ${step?.length === 99 ? '1.1111111111111112e+98' : step === '4294967296' ? step : JSON.stringify(step)}`,
      ] as const,
  ),
  [
    'no seed',
    () => changed(({ metadata }) => delete metadata.seed),
    "loadTrainer: the metadata's seed must be an integer, got undefined",
  ],
  [
    'a large seed',
    () => meta({ seed: '18446744073709551616' }),
    'loadTrainer: seed must be an integer in [0, 2^53) or a bigint in [0, 2^64), got 18446744073709551616n',
  ],
  [
    'a position that is none',
    () => meta({ position: '{"epoch":-1,"row":0}' }),
    "loadTrainer: the metadata's position.epoch must be an integer in [0, 2^32), got -1",
  ],
  ...NO_NUMBERS.map(
    ([text, got]) =>
      [
        `a row that is ${text}`,
        () => meta({ position: `{"epoch":0,"row":${text}}` }),
        `loadTrainer: the metadata's position.row must be an integer >= 0, got ${got}`,
      ] as const,
  ),
  ...NO_NUMBERS.map(
    ([text, got]) =>
      [
        `a rate that is ${text}`,
        () => meta({ hyperParameters: `{"learningRate":${text},"l2.0":0,"l2.1":0,"dropout.0":0}` }),
        `loadTrainer: the metadata's learningRate must be a number, got ${got}`,
      ] as const,
  ),
  [
    'an epoch without words of its own',
    () => meta({ position: '{"epoch":4294967296,"row":0}' }),
    "loadTrainer: the metadata's position.epoch must be an integer in [0, 2^32), got 4294967296",
  ],
  [
    'an epoch twice',
    () => meta({ position: '{"epoch":0,"row":0,"epoch":1}' }),
    "loadTrainer: the metadata's position has two entries 'epoch'",
  ],
  [
    'a rate twice, spelled apart',
    () => meta({ hyperParameters: '{"learningRate":1,"l2.0":0,"l2.1":0,"dropout.0":0,"learningRat\\u0065":2}' }),
    "loadTrainer: the metadata's hyperParameters has two entries 'learningRate'",
  ],
  [
    'units twice',
    () => changed(({ metadata }) => (metadata.config = metadata.config.replace('"units":4', '"units":4,"units":3'))),
    "loadTrainer: the metadata's config has two entries 'units'",
  ],
  ...['__proto__', 'constructor', 'toString'].map(
    (name) =>
      [
        `the hyper-parameter ${name}`,
        () =>
          changed(
            ({ metadata }) => (metadata.hyperParameters = metadata.hyperParameters.replace('{', `{"${name}":1,`)),
          ),
        `loadTrainer: the model has no '${name}', but the metadata has`,
      ] as const,
  ),
  [
    'a config that is no JSON',
    () => meta({ config: '{' }),
    `loadTrainer: the metadata's config must be a JSON object, got "{"`,
  ],
  [
    'hyper-parameters as a list',
    () => meta({ hyperParameters: '[1]' }),
    `loadTrainer: the metadata's hyperParameters must be a JSON object, got "[1]"`,
  ],
  ['p = 1', () => hyper({ 'dropout.0': 1 }), 'loadTrainer: dropout.0 must be a number in [0, 1), got 1'],
  ['negative λ', () => hyper({ 'l2.1': -1 }), 'loadTrainer: l2.1 must be a number >= 0, got -1'],
  [
    'an infinite rate',
    () => meta({ hyperParameters: '{"learningRate":1e999,"l2.0":0,"l2.1":0,"dropout.0":0}' }),
    'loadTrainer: learningRate must be a number >= 0, got Infinity',
  ],
  [
    'a rate of text',
    () => hyper({ learningRate: '1' }),
    `loadTrainer: the metadata's learningRate must be a number, got "1"`,
  ],
  ['no rate', () => hyper({ learningRate: undefined }), "loadTrainer: the metadata has no 'learningRate'"],
  [
    'a hyper-parameter too many',
    () => hyper({ momentum: 0 }),
    "loadTrainer: the model has no 'momentum', but the metadata has",
  ],
];

test.each(FILES)('%s is refused before anything is allocated', async (what, bytes, message) => {
  const refusal: Refusal = [what, () => loadTrainer(engine, bytes()), `EngineError of kind format: ${message}`];
  await expectRefused(counting, refusal);
});

test('a file cut off anywhere is refused', async () => {
  for (let bytes = 0; bytes < GOOD.length; bytes += 7) {
    const found = await complaint(() => loadTrainer(engine, GOOD.subarray(0, bytes)));
    expect(found).toMatch(/^EngineError of kind format: safetensors: /);
  }
});

test('the unchanged file is not refused', async () => {
  const trainer = await loadTrainer(
    engine,
    changed(() => {}),
  );
  expect(await trainer.save()).toEqual(GOOD);
});
