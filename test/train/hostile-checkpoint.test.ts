import { expect, test } from 'vitest';
import { writeSafetensors } from '../../src/data/safetensors.js';
import { loadTrainer } from '../../src/index.js';
import { testRefusals, untouched } from '../errors/refusals.js';
import { changed, GOOD, json } from './checkpoint-file.js';
import { complaint } from './complaint.js';
import { countedEngine } from './counting-device.js';

const { counting, engine } = await countedEngine();

const load = (bytes: Uint8Array) => loadTrainer(engine, bytes);
const loadWith = (...change: Parameters<typeof changed>) => load(changed(...change));
const meta = (values: Record<string, string>) => loadWith(({ metadata }) => Object.assign(metadata, values));
const hyper = (values: object) => load(json('hyperParameters', values));
const edited = (key: string, from: string, to: string) =>
  loadWith(({ metadata }) => Object.assign(metadata, { [key]: metadata[key].replace(from, to) }));

/** Values of JSON that are no numbers, though `Number` makes one of most, and how messages show them. */
const NO_NUMBERS: readonly (readonly [texts: readonly string[], got: string])[] = [
  [['{"toString":1}', '{"constructor":{"name":{"toString":1}}}'], 'a Object'],
  [['['.repeat(1e5) + ']'.repeat(1e5)], 'an array of 1'],
  ...['[]', '[7]', 'true', 'null', '"0x10"', '"7"', '""'].map((text) => [[text], text] as const),
];

/** Steps that are none, and how messages show them. */
const STEPS = [
  ...['', '1.5', '-1', '0x10', ' 7', '7e1'].map((step) => [step, JSON.stringify(step)] as const),
  ['4294967296', '4294967296'],
  ['1'.repeat(99), '1.1111111111111112e+98'],
] as const;

const RATES = '{"learningRate":1,"dense0.l2":0,"dense1.l2":0,"dropout0.dropout":0}';
/** The sums of an epoch's steps. */
const SUMS = ['loss', 'correct', 'weight'];
const sumsBut = (name: string) =>
  ['steps', ...SUMS]
    .filter((each) => each !== name)
    .map((each) => `"${each}":2`)
    .join();
const measured = (sums: string) => meta({ position: `{"epoch":0,"row":8,"measured":${sums}}` });

const FORMAT = "the file's format must be 'wgrad checkpoint 2' or 'wgrad weights 2', got";
testRefusals(
  {
    'safetensors: too short at offset 0: expected at least 8 bytes, got 0': () => load(new Uint8Array()),
    [`loadTrainer: ${FORMAT} undefined`]: () => load(writeSafetensors([])),
    [`loadTrainer: ${FORMAT} "wgrad checkpoint 1"`]: () => meta({ format: 'wgrad checkpoint 1' }),
    "loadTrainer: the file has no 'dense0.w', which the model needs as [2, 4]": () =>
      loadWith(({ tensors }) => tensors.shift()),
    "loadTrainer: 'dense0.w' must have the shape [2, 4], got [4, 2]": () =>
      loadWith(({ tensors }) => tensors[0].shape.reverse()),
    "loadTrainer: 'dense0.w' must have the shape [2, 4], got [8]": () =>
      loadWith(({ tensors }) => tensors[0].shape.splice(0, 2, 8)),
    "loadTrainer: 'dense0.w' must be F32, got U32": () =>
      loadWith(({ tensors }) => Object.assign(tensors[0], { data: new Uint32Array(8) })),
    "loadTrainer: 'dense1.w' holds NaN at row 2, column 1": () =>
      loadWith(({ tensors }) => tensors[2].data.fill(NaN, 7, 8)),
    "loadTrainer: the model has no 'dense9.w', but the file has": () =>
      loadWith(({ tensors }) => tensors.push({ name: 'dense9.w', shape: [1], data: new Float32Array(1) })),
    ...Object.fromEntries(
      STEPS.map(([step, got]) => [
        `loadTrainer: the metadata's step must be an integer in [0, 2^32), got ${got}`,
        () => meta({ step }),
      ]),
    ),
    "loadTrainer: the metadata's step must be an integer in [0, 2^32), got undefined": () =>
      loadWith(({ metadata }) => delete metadata.step),
    "loadTrainer: the metadata's seed must be an integer, got undefined": () =>
      loadWith(({ metadata }) => delete metadata.seed),
    'loadTrainer: seed must be an integer in [0, 2^53) or a bigint in [0, 2^64), got 18446744073709551616n': () =>
      meta({ seed: '18446744073709551616' }),
    "loadTrainer: the metadata's position.epoch must be an integer in [0, 2^32), got -1": () =>
      meta({ position: '{"epoch":-1,"row":0}' }),
    ...Object.fromEntries(
      NO_NUMBERS.flatMap(([texts, got]) => [
        [
          `loadTrainer: the metadata's position.row must be an integer >= 0, got ${got}`,
          texts.map((text) => () => meta({ position: `{"epoch":0,"row":${text}}` })),
        ],
        [
          `loadTrainer: the metadata's learningRate must be a number, got ${got}`,
          texts.map((text) => () => meta({ hyperParameters: RATES.replace('1', text) })),
        ],
        ...SUMS.map(
          (name) =>
            [
              `loadTrainer: the metadata's position.measured.${name} must be a number >= 0, got ${got}`,
              texts.map((text) => () => measured(`{${sumsBut(name)},"${name}":${text}}`)),
            ] as const,
        ),
      ]),
    ),
    "loadTrainer: the metadata's position.epoch must be an integer in [0, 2^32), got 4294967296": () =>
      meta({ position: '{"epoch":4294967296,"row":0}' }),
    "loadTrainer: the metadata's position has two entries 'epoch'": () =>
      meta({ position: '{"epoch":0,"row":0,"epoch":1}' }),
    ...Object.fromEntries(
      ['[]', 'null', '7', '"sums"'].map((text) => [
        `loadTrainer: the metadata's position.measured must be an object, got ${text}`,
        () => measured(text),
      ]),
    ),
    "loadTrainer: the metadata's position.measured.weight must be a number >= 0, got undefined": () =>
      measured(`{${sumsBut('weight')}}`),
    ...Object.fromEntries(
      [0, 1.5, 9].map((steps) => [
        `loadTrainer: the metadata's position.measured.steps must be an integer in [1, 8], the row, got ${steps}`,
        () => measured(`{${sumsBut('steps')},"steps":${steps}}`),
      ]),
    ),
    "loadTrainer: the metadata's hyperParameters has two entries 'learningRate'": () =>
      meta({
        hyperParameters: '{"learningRate":1,"dense0.l2":0,"dense1.l2":0,"dropout0.dropout":0,"learningRat\\u0065":2}',
      }),
    "loadTrainer: the metadata's config has two entries 'units'": () =>
      edited('config', '"units":4', '"units":4,"units":3'),
    ...Object.fromEntries(
      ['__proto__', 'constructor', 'toString'].map((name) => [
        `loadTrainer: the model has no '${name}', but the metadata has`,
        () => edited('hyperParameters', '{', `{"${name}":1,`),
      ]),
    ),
    'loadTrainer: the metadata\'s config must be a JSON object, got "{"': () => meta({ config: '{' }),
    'loadTrainer: the metadata\'s hyperParameters must be a JSON object, got "[1]"': () =>
      meta({ hyperParameters: '[1]' }),
    'loadTrainer: dropout0.dropout must be a number in [0, 1), got 1': () => hyper({ 'dropout0.dropout': 1 }),
    'loadTrainer: dense1.l2 must be a number >= 0, got -1': () => hyper({ 'dense1.l2': -1 }),
    'loadTrainer: learningRate must be a number >= 0, got Infinity': () =>
      meta({ hyperParameters: RATES.replace('1', '1e999') }),
    'loadTrainer: the metadata\'s learningRate must be a number, got "1"': () => hyper({ learningRate: '1' }),
    "loadTrainer: the metadata has no 'learningRate'": () => hyper({ learningRate: undefined }),
    "loadTrainer: the model has no 'momentum', but the metadata has": () => hyper({ momentum: 0 }),
  },
  { prefix: 'EngineError of kind format: ', say: untouched(counting) },
);

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
