/** A value as it reads in an error message: strings quoted, objects by their class. Nothing in it is trusted. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) {
    const isShort = value.length <= 8 && !value.some((each) => Array.isArray(each) && each.some(Array.isArray));
    return isShort ? `[${value.map(show).join(', ')}]` : `an array of ${value.length}`;
  }
  if (typeof value === 'object' && value !== null) {
    if (typeof value.constructor === 'function') return `a ${value.constructor.name}`;
    return Object.getPrototypeOf(value) === null ? 'a null-prototype object' : 'a Object';
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A finite number between two ends; the ends belong to the range unless `exclusive` names them. */
export interface NumberRange {
  min?: number;
  max?: number;
  exclusive?: 'min' | 'max' | 'both';
  integer?: boolean;
  /** True: what float32 takes for 0, for infinity or for an end that does not belong to the range is refused. */
  float32?: boolean;
  /** A further condition, which messages do not tell: a number that passes the ends may still fail it. */
  accepts?: (value: number) => boolean;
}

/** A range in words: `a number in [0, 1)`. Float32 is named where nothing else is wrong with `value`. */
export function describeRange(range: NumberRange, value?: unknown): string {
  if (range.float32 && isInRange(value, { ...range, float32: false })) {
    return `${describeRange(range)} that float32 holds (0, or 1.2e-38 to 3.4e38 in size)`;
  }
  const { min, max, exclusive, integer } = range;
  const noun = integer ? 'an integer' : 'a number';
  if (integer && min === 1 && max === undefined) return 'a positive integer';
  if (min === undefined && max === undefined) return integer ? noun : 'a finite number';
  const openMin = exclusive === 'min' || exclusive === 'both';
  const openMax = exclusive === 'max' || exclusive === 'both';
  if (max === undefined) return `${noun} ${openMin ? '>' : '>='} ${min}`;
  if (min === undefined) return `${noun} ${openMax ? '<' : '<='} ${max}`;
  return `${noun} in ${openMin ? '(' : '['}${min}, ${max}${openMax ? ')' : ']'}`;
}

/**
 * Returns `value` if it is a finite number in `range`.
 * @throws TypeError if it is not a number, RangeError if it is outside; both name `where`, `name`, the range and the value.
 */
export function checkNumber(where: string, name: string, value: unknown, range: NumberRange = {}): number {
  if (isInRange(value, range)) return value;
  const message = `${where}: ${name} must be ${describeRange(range, value)}, got ${show(value)}`;
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message);
}

/** True if `value` is a finite number in `range`. */
export function isInRange(value: unknown, range: NumberRange): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  const { min = -Infinity, max = Infinity, exclusive, integer, float32, accepts } = range;
  if (float32 && !(isNormal(value) && isInRange(Math.fround(value), { ...range, float32: false }))) return false;
  const aboveMin = exclusive === 'min' || exclusive === 'both' ? value > min : value >= min;
  const belowMax = exclusive === 'max' || exclusive === 'both' ? value < max : value <= max;
  return aboveMin && belowMax && (!integer || Number.isSafeInteger(value)) && (accepts?.(value) ?? true);
}

/** True for 0 and for what float32 holds with all its digits; a GPU may take smaller numbers for 0. */
const isNormal = (value: number) => value === 0 || Math.abs(value) >= 2 ** -126;

/** Returns `value` if it is an integer >= 1. @throws TypeError or RangeError as `checkNumber`. */
export function checkPositiveInteger(where: string, name: string, value: unknown): number {
  return checkNumber(where, name, value, { min: 1, integer: true });
}

/** Returns `value` if it is a boolean. @throws TypeError otherwise. */
export function checkBoolean(where: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${where}: ${name} must be true or false, got ${show(value)}`);
  return value;
}

/**
 * Returns `value` if it is one of `allowed`.
 * @throws TypeError if it is not a string, RangeError (with the nearest allowed one) if it is unknown.
 */
export function checkChoice<T extends string>(where: string, name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((choice) => choice === value);
  if (found !== undefined) return found;
  const list = allowed.map((choice) => `'${choice}'`).join(', ');
  const message = `${where}: ${name} must be one of ${list}, got ${show(value)}`;
  if (typeof value !== 'string') throw new TypeError(message);
  throw new RangeError(message + suggestion(value, allowed));
}

/** True for an object that is neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Refuses anything but an object whose keys are all in `known`.
 * @throws TypeError naming the unknown key, the nearest known one and the whole list.
 */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (!isRecord(options)) throw new TypeError(`${where}: options must be an object, got ${show(options)}`);
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new TypeError(`${where}: unknown option '${key}'${suggestion(key, known)}; known: ${known.join(', ')}`);
  }
}

/** `, did you mean 'x'?` for the nearest of `known`, or nothing if none is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `, did you mean '${near}'?`;
}

/**
 * The one of `known` whose initials `word` is (`lr` for learningRate), or with the smallest edit distance to it, if that is at
 * most half of `word`'s length, or which begins or ends with it (`batch` for batchSize).
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const given = plain(word);
  const short = known.find((candidate) => given.length > 1 && initials(candidate) === given);
  if (short !== undefined) return short;
  let best: string | undefined;
  let least = Math.floor(word.length / 2) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue; // the distance is at least that
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  if (best !== undefined || given.length < 3) return best;
  return known.find((candidate) => plain(candidate).startsWith(given) || plain(candidate).endsWith(given));
}

/** Lower case, without the dashes of an option of the command line. */
const plain = (word: string) => word.replace(/^-+/, '').toLowerCase();

/** `lr` for learningRate and for --learning-rate. */
const initials = (name: string) => plain(name.match(/(?<![A-Za-z\d])[a-z]|[A-Z]/g)?.join('') ?? '');

/** The Levenshtein distance of two words. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Refuses a `signal` option that is no AbortSignal. @throws TypeError naming `where` */
export function checkSignal(where: string, signal: AbortSignal | undefined): void {
  if (signal === undefined || typeof signal?.aborted === 'boolean') return;
  throw new TypeError(`${where}: signal must be an AbortSignal, got ${show(signal)}`);
}
