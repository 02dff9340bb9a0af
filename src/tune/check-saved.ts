import { isInRange, isRecord, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { MOST_COUNTED } from '../train/member.js';

/** Refuses a value of a file that is not what its place needs. @throws EngineError of kind `format` naming the place */
export type Check = (value: unknown, place: string) => void;

const must = (accepts: (value: unknown) => boolean, wanted: string): Check => {
  return (value, place) => {
    if (accepts(value)) return;
    throw new EngineError('format', `search: resume: ${place} must be ${wanted}, got ${show(value)}`);
  };
};

const number = must((value) => typeof value === 'number', 'a number');
const finite = must((value) => isInRange(value, {}), 'a finite number');
const count = must(
  (value) => isInRange(value, { min: 0, max: MOST_COUNTED, integer: true }),
  'an integer in [0, 2^32)',
);
const flag = must((value) => typeof value === 'boolean', 'true or false');
const text = must((value) => typeof value === 'string', 'a string');
const object = must(isRecord, 'an object');
const array = must(Array.isArray, 'an array');

const optional = (check: Check): Check => {
  return (value, place) => {
    if (value !== undefined && value !== null) check(value, place);
  };
};

const fields = (checks: Readonly<Record<string, Check>>): Check => {
  return (value, place) => {
    object(value, place);
    const own = new Map(Object.entries(value as object));
    for (const [name, check] of Object.entries(checks)) check(own.get(name), `${place}.${name}`);
  };
};

const list = (check: Check): Check => {
  return (value, place) => {
    array(value, place);
    for (const [i, each] of (value as unknown[]).entries()) check(each, `${place}[${i}]`);
  };
};

const numbers: Check = (value, place) => {
  object(value, place);
  for (const [name, each] of Object.entries(value as object)) finite(each, `${place}.${name}`);
};

/** A value of a configuration. The depth is bounded, as a file's is not. */
const configurationValue =
  (depth: number): Check =>
  (value, place) => {
    if (Array.isArray(value) && depth > 0) list(configurationValue(depth - 1))(value, place);
    else if (typeof value !== 'string' && typeof value !== 'boolean') finite(value, place);
  };

const configuration: Check = (value, place) => {
  object(value, place);
  for (const [name, each] of Object.entries(value as object)) configurationValue(8)(each, `${place}.${name}`);
};

const divergence = fields({ step: count, what: text });
const STATUSES: readonly unknown[] = ['running', 'finished', 'stopped early', 'dropped', 'diverged'];

const trial = fields({
  id: count,
  config: configuration,
  status: must((value) => STATUSES.includes(value), `one of ${STATUSES.join(', ')}`),
  parent: optional(count),
  epochs: count,
  score: optional(finite),
  rungs: list(
    fields({
      epoch: count,
      seconds: finite,
      // JSON has null for what is not finite.
      trainLoss: optional(finite),
      trainAccuracy: optional(finite),
      validationLoss: optional(finite),
      validationAccuracy: optional(finite),
      score: finite,
      standardError: optional(finite),
    }),
  ),
  seconds: finite,
  diverged: optional(divergence),
  failure: optional(text),
});

/** Checks the description of a part. */
export const checkPart = fields({
  steps: count,
  position: fields({
    epoch: count,
    row: count,
    measured: optional(fields({ steps: count, loss: list(number), correct: list(number), weight: list(number) })),
  }),
  diverged: list(optional(divergence)),
  hasBest: flag,
  members: list(fields({ seed: text, shuffleSeed: text, hyper: numbers })),
  epoch: optional(
    list(
      fields({
        trainLoss: number,
        trainAccuracy: optional(number),
        validationLoss: number,
        validationAccuracy: optional(number),
      }),
    ),
  ),
});

/** The checks of the JSON objects in a saved search, by their name in its metadata. */
export const SAVED = {
  result: fields({ complete: flag, trials: list(trial) }),
  place: fields({ rounds: count, round: optional(fields({ epochs: count, done: count })), seconds: finite }),
  groups: list(fields({ key: text, ids: list(count), epochs: count, base: count, parts: list(checkPart) })),
  network: optional(fields({ id: count, length: count })),
} satisfies Readonly<Record<string, Check>>;
