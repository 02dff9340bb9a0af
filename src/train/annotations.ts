import { DuplicateKey, parseJson } from '../data/parse-json.js';
import { isRecord, show } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import type { Loss } from '../nn/losses.js';
import { checkNames, checkPreparation } from '../table/check-preparation.js';
import type { Preparation } from '../table/preparation.js';

/** The facts that a file has about a model beside its network: all that its user must know to use it. */
export interface Annotations {
  /** Texts of the user's own, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The preparation of the table that the model was trained on. */
  readonly preparation?: Preparation | undefined;
  /** The names of the classes, where the preparation does not have them. */
  readonly classes?: readonly string[] | undefined;
}

/** Facts about a model that its file keeps. Default: those of the file that the model was loaded from. */
export interface AnnotationOptions {
  /** Texts of your own, by name. */
  metadata?: Readonly<Record<string, string>> | undefined;
  /** The preparation that `prepareTable` returned with the data. */
  preparation?: Preparation | undefined;
  /** The names of the classes, where `preparation` does not have them. Default: those of the data that `fit` trained on, too. */
  classes?: readonly string[] | undefined;
}

/** The names of `AnnotationOptions`. */
export const ANNOTATION_OPTIONS = ['metadata', 'preparation', 'classes'];

/** The parts of a model that its annotations must fit. */
export interface Annotated {
  readonly features: number;
  readonly outputs: number;
  readonly loss: Pick<Loss, 'kind' | 'meaning'>;
}

/** The user's own keys begin with this, so that they never meet those of the format. */
const OWN = 'user.';

/** Returns the number of classes that the outputs of a model tell apart; undefined if they are numbers. */
export function classCount({ loss, outputs }: Annotated): number | undefined {
  if (loss.meaning === 'numbers') return undefined;
  return loss.meaning !== 'softmax' && outputs === 1 ? 2 : outputs;
}

/** Returns the names of the classes, if they are known. */
export function classNames({ preparation, classes }: Annotations): readonly string[] | undefined {
  return preparation && 'classes' in preparation.target ? preparation.target.classes : classes;
}

/**
 * Refuses annotations that do not fit the model.
 * @throws TypeError or RangeError naming the field, its value and what is allowed
 */
function checkAnnotations(where: string, { metadata, preparation, classes }: Annotations, of: Annotated): void {
  if (!isRecord(metadata)) {
    throw new TypeError(`${where}: metadata must be an object of strings, got ${show(metadata)}`);
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value === 'string') continue;
    throw new TypeError(`${where}: metadata: '${name}' must be a string, got ${show(value)}`);
  }
  if (classes !== undefined) checkCount(`${where}: classes`, checkNames(where, 'classes', classes, 1), of);
  if (preparation === undefined) return;
  const { target } = checkPreparation(where, preparation, of.features);
  if ('classes' in target) {
    if (classes) throw new TypeError(`${where}: classes and preparation both name the classes; give one of them`);
    checkCount(`${where}: preparation.target.classes`, target.classes, of);
  } else if (classCount(of) !== undefined || of.outputs !== 1) {
    throw new RangeError(
      `${where}: preparation.target is a number, so the model must have one output and a loss of numbers such as meanSquaredError, got ${of.outputs} and ${of.loss.kind}`,
    );
  }
}

function checkCount(place: string, classes: readonly string[], of: Annotated): void {
  const count = classCount(of);
  if (count === undefined) throw new RangeError(`${place}: a model with ${of.loss.kind} has no classes`);
  if (classes.length === count) return;
  throw new RangeError(`${place} must have ${count} names, one for each class of the model, got ${classes.length}`);
}

/**
 * Returns annotations with options in place of what a model has: names of classes give way to those of a preparation.
 * @throws as `checkAnnotations` does
 */
export function annotationsWith(
  where: string,
  kept: Annotations,
  options: AnnotationOptions,
  of: Annotated,
): Annotations {
  const { metadata = kept.metadata, preparation = kept.preparation } = options;
  const isNamed = preparation && 'classes' in Object(preparation.target);
  const known = isNamed || kept.classes?.length !== classCount(of) ? undefined : kept.classes;
  const annotations = { metadata, preparation, classes: options.classes ?? known };
  checkAnnotations(where, annotations, of);
  return annotations;
}

/** Returns true for an entry of a file's metadata that is one of the annotations. */
export function isAnnotation(key: string): boolean {
  return key === 'preparation' || key === 'classes' || key.startsWith(OWN);
}

/** Returns the entries of a file's metadata that hold the annotations. */
export function writeAnnotations({ metadata, preparation, classes }: Annotations): Record<string, string> {
  return Object.fromEntries([
    ...(preparation ? [['preparation', JSON.stringify(preparation)]] : []),
    ...(classes ? [['classes', JSON.stringify(classes)]] : []),
    ...Object.entries(metadata).map(([name, value]) => [OWN + name, value]),
  ]);
}

/** Returns the annotations of a model in a file's metadata. @throws EngineError of kind `format` naming what in them is wrong */
export function readAnnotations(where: string, entries: Readonly<Record<string, string>>, of: Annotated): Annotations {
  const own = Object.entries(entries).filter(([key]) => key.startsWith(OWN));
  const annotations = {
    metadata: Object.fromEntries(own.map(([key, value]) => [key.slice(OWN.length), value])),
    preparation: readJson(where, entries, 'preparation') as Preparation | undefined,
    classes: readJson(where, entries, 'classes') as readonly string[] | undefined,
  };
  asFormatError(() => checkAnnotations(`${where}: the metadata`, annotations, of));
  return annotations;
}

function readJson(where: string, entries: Readonly<Record<string, string>>, key: string): unknown {
  const text = entries[key];
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch (cause) {
    const fault = cause instanceof DuplicateKey ? `has two entries '${cause.key}'` : `must be JSON, got ${show(text)}`;
    throw new EngineError('format', `${where}: the metadata's ${key} ${fault}`, { cause });
  }
}
