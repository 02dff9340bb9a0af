/** The order of day, month and year in the dates of a column. */
export type DateFormat = 'year first' | 'day first' | 'month first' | 'words';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = 86_400_000;

const TIME = String.raw`(?:(?:[T ]|,? +)(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s?(am|pm)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const PATTERNS: Readonly<Record<DateFormat, RegExp>> = {
  'year first': new RegExp(String.raw`^(?<y>\d{4})[-/.](?<m>\d{1,2})(?:[-/.](?<d>\d{1,2}))?${TIME}$`, 'i'),
  'day first': new RegExp(String.raw`^(?<d>\d{1,2})[-/.](?<m>\d{1,2})[-/.](?<y>\d{2}|\d{4})${TIME}$`, 'i'),
  'month first': new RegExp(String.raw`^(?<m>\d{1,2})[-/](?<d>\d{1,2})[-/](?<y>\d{2}|\d{4})${TIME}$`, 'i'),
  words: new RegExp(
    String.raw`^(?:[a-z]{3,9},? )?(?:(?<d>\d{1,2})[ -](?<m>[a-z]{3})[a-z]*\.?[ -](?<y>\d{4}|\d{2})|(?<m2>[a-z]{3})[a-z]*\.? (?:(?<d2>\d{1,2}),? )?(?<y2>\d{4}))${TIME}$`,
    'i',
  ),
};

/** The orders that are recognised, in which they are tried. */
export const DATE_FORMATS: readonly DateFormat[] = ['year first', 'words', 'month first', 'day first'];

/** Returns the days from 1970-01-01 (UTC) to the date in a text, with the time as a fraction; undefined for no date. */
export function parseDate(text: string, format: DateFormat): number | undefined {
  if (text.length > 40) return undefined;
  const found = PATTERNS[format].exec(text);
  if (!found?.groups) return undefined;
  const { y, m, d, y2, m2, d2 } = found.groups;
  const [hours, minutes, seconds = '0', fraction = '0', half, zone] = found.slice(-6);
  const word = m ?? m2;
  const month = format === 'words' ? MONTHS.indexOf(word.toLowerCase()) : Number(word) - 1;
  const day = Number(d ?? d2 ?? 1);
  const start = new Date(0);
  start.setUTCFullYear(fullYear(y ?? y2), month, day);
  if (month < 0 || start.getUTCMonth() !== month || start.getUTCDate() !== day) return undefined; // such as February 30
  if (hours === undefined) return start.getTime() / DAY;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 60) return undefined;
  const inDay = ((hour * 60 + Number(minutes)) * 60 + Number(seconds) + Number(fraction)) * 1000;
  return (start.getTime() + inDay - offsetOf(zone)) / DAY;
}

/** Returns the order that reads all dates of a column, or undefined. Where 1/2/2020 leaves it open, the month is first. */
export function dateFormatOf(texts: readonly string[]): DateFormat | undefined {
  return DATE_FORMATS.find(
    (format) => texts.length > 0 && texts.every((text) => parseDate(text, format) !== undefined),
  );
}

/** Returns a date and its time (UTC) in an order, as `2020-01-31 12:00:00.000`, `31/01/2020 ...` or `31 jan 2020 ...`. */
export function showTime(days: number, order: DateFormat): string {
  const [date, time] = new Date(Math.round(days * DAY)).toISOString().slice(0, -1).split('T');
  const [year, month, day] = date.split('-');
  const dates = {
    'year first': date,
    'day first': `${day}/${month}/${year}`,
    'month first': `${month}/${day}/${year}`,
    words: `${day} ${MONTHS[Number(month) - 1]} ${year}`,
  };
  return `${dates[order]} ${time}`;
}

/** Returns a date as `2020-01-31`. */
export function showDate(days: number): string {
  return new Date(days * DAY).toISOString().slice(0, 10);
}

/** Names of columns that tell a time. */
const TIME_NAME = /date|time|stamp|(^|[_ .])(ts|at|when)$|[a-z]At$/i;
/** Days of 1973 and 2100, between which such numbers lie. */
const [FIRST_DAY, LAST_DAY] = [1096, 47_482];

/** Returns the unit in which a column of numbers may count from 1970, and its first and last day; undefined if it does not. */
export function sinceEpoch(
  name: string,
  range: readonly number[],
): { readonly unit: string; readonly days: readonly number[] } | undefined {
  if (!TIME_NAME.test(name)) return undefined;
  const units = Object.entries({ milliseconds: DAY, seconds: DAY / 1000 });
  const found = units.map(([unit, perDay]) => ({ unit, days: range.map((value) => value / perDay) }));
  return found.find(({ days }) => days.every((day) => day >= FIRST_DAY && day <= LAST_DAY));
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year; // as POSIX has it
}

/** Returns the milliseconds by which a time zone is ahead of UTC. */
function offsetOf(zone: string | undefined): number {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === '-' ? -minutes : minutes) * 60_000;
}
