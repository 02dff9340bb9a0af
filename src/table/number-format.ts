/** Texts that stand for a missing value, in small letters. */
const MISSING = new Set(['', 'na', 'n/a', '#n/a', '<na>', 'nan', 'nat', 'null', 'none', '?', '-', '--', '.']);

/** Returns true if a cell holds no value. */
export function isMissing(text: string): boolean {
  return text.length <= 4 && MISSING.has(text.toLowerCase());
}

/** The way in which numbers are written. */
export interface NumberStyle {
  readonly decimal: '.' | ',';
  /** The characters between groups of three digits. */
  readonly grouped: '' | ',' | '.' | 'blank';
  /** A unit that is written before or after the numbers: a currency or `%`; `:` for clock times, which are read as hours. */
  readonly unit: string;
}

/** The way in which the numbers of a column are written. */
export interface NumberFormat extends NumberStyle {
  /** The number of texts that are not numbers in this format. */
  readonly others: number;
  /** True if the numbers could as well be read with the other decimal mark, and which one is right was guessed. */
  readonly doubtful: boolean;
  /** True if the column itself or others of its file show which mark is the decimal one. */
  readonly sure: boolean;
}

/** The odds that a file has decimal commas: semicolons between values make them likely, a number such as 1,5 certain. */
export type Commas = 'unlikely' | 'likely' | 'certain';

/** The style of numbers such as -1234.5. */
export const PLAIN_STYLE: NumberStyle = { decimal: '.', grouped: '', unit: '' };

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i;
const GROUPED = {
  ',': /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/,
  '.': /^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/,
  blank: /^[+-]?\d{1,3}([ \u00a0\u202f'’]\d{3})+([.,]\d*)?$/,
};
const UNIT = /^([+-]?)[$€£¥]\s?([+-]?)(?=[\d.,])|(?<=[\d.,])\s?[%$€£¥]$/;
/** A negative number as accountants write it: (5), ($5), $(5) or (5) €. */
const NEGATIVE = /^([$€£¥]?)\s?\((?![+-])(.+)\)(\s?[%$€£¥]?)$/;
/** The unit of clock times, and a time: 20:46, 7:05:30, 8:46 pm. */
const CLOCK_UNIT = ':';
const CLOCK = /^([+-]?)(\d{1,4}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?(?:\s?([ap])\.?m\.?)?$/i;
const UNITS = /[%$€£¥]/;
/** More digits than this are no number that anyone measured. Without a bound, reading one takes seconds. */
const LONGEST = 400;
/** Texts by which a format is tried first. */
const SAMPLE = 200;

/** Returns the number that a text holds in a format, (5) being -5 and 20:30 being 20.5; undefined if it is no finite number. */
export function parseNumber(text: string, style: NumberStyle): number | undefined {
  if (text.length > LONGEST) return undefined;
  if (style.unit === CLOCK_UNIT) return parseClock(text);
  if (!text.includes('(')) return parseSigned(text, style);
  const value = parseSigned(text.replace(NEGATIVE, '$1$2$3'), style);
  return value === undefined ? undefined : -value;
}

function parseClock(text: string): number | undefined {
  const found = CLOCK.exec(text);
  if (!found) return undefined;
  const [, sign, hours, minutes, seconds = '0', half] = found;
  if (half && (Number(hours) > 12 || sign !== '')) return undefined;
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hours);
  const value = hour + Number(minutes) / 60 + Number(seconds) / 3600;
  return sign === '-' ? -value : value;
}

/** Returns true if numbers of this style are clock times. */
export const isClock = (style: NumberStyle | undefined) => style?.unit === CLOCK_UNIT;

/** Returns hours as a clock time such as 7:05 or 7:05:30. */
export function showClock(hours: number): string {
  const seconds = Math.round(Math.abs(hours) * 3600);
  const [minute, second] = [Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, '0'));
  return `${hours < 0 ? '-' : ''}${Math.floor(seconds / 3600)}:${minute}${second === '00' ? '' : `:${second}`}`;
}

function parseSigned(text: string, { decimal, grouped, unit }: NumberStyle): number | undefined {
  let digits = unit === '' ? text : text.replace(UNIT, '$1$2');
  if (grouped !== '' && GROUPED[grouped].test(digits)) {
    digits = grouped === 'blank' ? digits.replace(/[ \u00a0\u202f'’]/g, '') : digits.replaceAll(grouped, '');
  }
  if (decimal === ',' && COMMA.test(digits)) digits = digits.replace(',', '.');
  else if (!PLAIN.test(digits) || (decimal === ',' && digits.includes('.'))) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

const FORMATS: readonly (Pick<NumberStyle, 'decimal' | 'grouped'> & Partial<NumberStyle>)[] = [
  { decimal: '.', grouped: '' },
  { decimal: '.', grouped: ',' },
  { decimal: ',', grouped: '' },
  { decimal: ',', grouped: '.' },
  { decimal: '.', grouped: 'blank' },
  { decimal: ',', grouped: 'blank' },
  { decimal: '.', grouped: '', unit: CLOCK_UNIT },
];

/** Returns the first unit that stands beside a number; `''` for none. */
function unitOf(texts: readonly string[]): string {
  for (const text of texts) {
    if (!UNITS.test(text)) continue;
    const unit = UNIT.exec(text.slice(0, LONGEST).replace(NEGATIVE, '$1$2$3'))?.[0];
    if (unit) return unit.replace(/[+-\s]/g, '');
  }
  return '';
}

/** Returns the format that reads most of the texts, the simplest of several; undefined if none reads any. */
export function numberFormatOf(texts: readonly string[], commas: Commas = 'unlikely'): NumberFormat | undefined {
  if (areIds(texts)) return undefined;
  const unit = unitOf(texts);
  const failures = (format: NumberFormat, some: readonly string[]) =>
    some.filter((text) => parseNumber(text, format) === undefined).length;
  if (unit === '' && texts.every((text) => NEGATIVE.test(text))) return undefined; // such as the marks of notes: (1), (2)
  const sample = texts.slice(0, SAMPLE);
  const tried = FORMATS.map((format) => ({ unit, ...format, others: 0, doubtful: false, sure: false }))
    .filter((format) => failures(format, sample) < sample.length)
    .map((format) => ({ ...format, others: failures(format, texts) }));
  if (tried.length === 0) return undefined;
  const least = Math.min(...tried.map(({ others }) => others));
  const good = tried.filter(({ others }) => others === least);
  const [first] = good;
  const other = otherReading(texts, first, good)?.style;
  if (!other) return { ...first, sure: good.every(({ decimal }) => decimal === first.decimal) };
  if (commas === 'certain') return { ...other, sure: true };
  if (first.grouped === '') return first; // 1.234, where semicolons say nothing
  return { ...(commas === 'likely' ? other : first), doubtful: true };
}

/** Returns true for integers of about the same length that a number cannot tell apart, such as ids of 64 bits. */
function areIds(texts: readonly string[]): boolean {
  if (texts.length < 2 || !texts.every((text) => /^\d{16,20}$/.test(text))) return false;
  const lengths = texts.slice(0, SAMPLE).map(({ length }) => length);
  return Math.max(...lengths) - Math.min(...lengths) <= 1 && texts.some((text) => !Number.isSafeInteger(Number(text)));
}

/** Returns the style of some that has the other decimal mark and reads a text as another number, with that text, such as 1,234. */
function otherReading<Style extends NumberStyle>(
  texts: readonly string[],
  style: NumberStyle,
  styles: readonly Style[],
): { readonly style: Style; readonly text: string } | undefined {
  for (const other of styles) {
    if (other.decimal === style.decimal) continue;
    const text = texts.find((each) => {
      const [value, another] = [parseNumber(each, style), parseNumber(each, other)];
      return value !== undefined && another !== undefined && value !== another;
    });
    if (text !== undefined) return { style: other, text };
  }
  return undefined;
}

/** Returns the first text that would be another number with the other decimal mark; undefined if there is none. */
export function openText(texts: readonly string[], style: NumberStyle): string | undefined {
  const styles = FORMATS.map((format) => ({ ...format, unit: style.unit }));
  return otherReading(texts, style, styles)?.text;
}
