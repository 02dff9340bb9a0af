import { checkBoolean, checkChoice, checkNumber, checkOptions, isRecord, show } from '../errors/arguments.js';
import { DATE_FORMATS } from './date-format.js';
import type { Preparation } from './preparation.js';
import { type FeaturePreparation, featureNames } from './preparation.js';
import { checkSplit } from './split.js';

/** The fields of each kind of column. */
const FIELDS = {
  number: ['mean', 'deviation', 'fill', 'indicator', 'format', 'binary'],
  date: ['mean', 'deviation', 'fill', 'indicator', 'dateFormat'],
  category: ['values'],
  'yes/no': ['values'],
} as const;
const KINDS = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

/**
 * Returns `value` if it is a preparation as `prepareTable` makes it, with so many inputs.
 * @throws TypeError or RangeError naming `where`, the field, its value and what is allowed
 */
export function checkPreparation(where: string, value: unknown, inputs: number): Preparation {
  const { features, target, split } = fieldsOf(where, 'preparation', value, ['features', 'target', 'split']);
  if (!Array.isArray(features) || features.length === 0) {
    throw new TypeError(`${where}: preparation.features must be an array of columns, got ${show(features)}`);
  }
  const names = features.map((feature, i) => checkFeature(where, `preparation.features[${i}]`, feature));
  refuseTwice(where, 'preparation.features', names);
  checkTarget(where, target);
  if (split !== undefined) checkSplit(where, 'preparation.split', split);
  const made = featureNames(features as FeaturePreparation[]).length;
  if (made === inputs) return value as Preparation;
  throw new RangeError(`${where}: preparation makes ${made} inputs of a row, the model has ${inputs}`);
}

/** Returns `value` if it is an array of at least `least` different texts. @throws TypeError or RangeError */
export function checkNames(where: string, name: string, value: unknown, least: number): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`${where}: ${name} must be an array of strings, got ${show(value)}`);
  for (const [i, each] of value.entries()) checkText(where, `${name}[${i}]`, each);
  if (value.length < least) {
    throw new RangeError(`${where}: ${name} must hold at least ${least} strings, got ${value.length}`);
  }
  refuseTwice(where, name, value);
  return value;
}

function refuseTwice(where: string, name: string, texts: readonly string[]): void {
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text)) throw new RangeError(`${where}: ${name} has ${show(text)} twice`);
    seen.add(text);
  }
}

/** Returns the name of a column. */
function checkFeature(where: string, place: string, value: unknown): string {
  const { kind } = fieldsOf(where, place, value);
  const fields = FIELDS[checkChoice(where, `${place}.kind`, kind, KINDS)];
  const given = fieldsOf(where, place, value, ['name', 'kind', ...fields]);
  if (kind === 'category' || kind === 'yes/no') {
    const values = checkNames(where, `${place}.values`, given.values, kind === 'category' ? 1 : 2);
    if (kind === 'yes/no' && values.length > 2) {
      throw new RangeError(`${where}: ${place}.values must be [no, yes], got ${show(values)}`);
    }
  } else {
    checkScale(where, place, given);
    checkNumber(where, `${place}.fill`, given.fill);
    checkBoolean(where, `${place}.indicator`, given.indicator);
    if (given.binary !== undefined) checkBoolean(where, `${place}.binary`, given.binary);
    if (given.dateFormat !== undefined) checkChoice(where, `${place}.dateFormat`, given.dateFormat, DATE_FORMATS);
    if (given.format !== undefined) checkStyle(where, `${place}.format`, given.format);
  }
  return checkText(where, `${place}.name`, given.name);
}

function checkStyle(where: string, place: string, value: unknown): void {
  const { decimal, grouped, unit } = fieldsOf(where, place, value, ['decimal', 'grouped', 'unit']);
  checkChoice(where, `${place}.decimal`, decimal, ['.', ',']);
  checkChoice(where, `${place}.grouped`, grouped, ['', ',', '.', 'blank']);
  checkText(where, `${place}.unit`, unit);
}

function checkTarget(where: string, value: unknown): void {
  const place = 'preparation.target';
  const isClasses = 'classes' in fieldsOf(where, place, value);
  const given = fieldsOf(where, place, value, ['name', ...(isClasses ? ['classes'] : ['mean', 'deviation'])]);
  checkText(where, `${place}.name`, given.name);
  if (isClasses) checkNames(where, `${place}.classes`, given.classes, 2);
  else checkScale(where, place, given);
}

function checkScale(where: string, place: string, { mean, deviation }: Record<string, unknown>): void {
  checkNumber(where, `${place}.mean`, mean);
  checkNumber(where, `${place}.deviation`, deviation, { min: 0, exclusive: 'min' });
}

function checkText(where: string, place: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${where}: ${place} must be a string, got ${show(value)}`);
  return value;
}

/** Returns the fields of an object; with `known`, no others are allowed. */
function fieldsOf(where: string, place: string, value: unknown, known?: readonly string[]): Record<string, unknown> {
  if (!isRecord(value)) {
    throw new TypeError(`${where}: ${place} must be an object, got ${show(value)}`);
  }
  if (known) checkOptions(`${where}: ${place}`, value, known);
  return value;
}
