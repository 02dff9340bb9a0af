/** Returns one spelling for values that differ only by case and blanks. */
export function spellingOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

const YES_NO: readonly (readonly [no: string, yes: string])[] = [
  ['no', 'yes'],
  ['n', 'y'],
  ['false', 'true'],
  ['f', 't'],
];

/** All words for no and for yes; a column of 0 and 1 alone is one of numbers. */
const NO_YES: typeof YES_NO = [...YES_NO, ['0', '1']];

/** Words of which a column may hold more than two and still be one of yes and no; single letters may be codes. */
const WORDS = NO_YES.flat().filter((word) => !/^[a-z]$/.test(word));

/**
 * Returns the two values of a column if it is one of yes and no: a pair of words, or several of them.
 * @param names of its values, by their spellings
 */
export function yesNoOf(names: ReadonlyMap<string, string>): readonly [no: string, yes: string] | undefined {
  const pair = YES_NO.find((words) => names.size === 2 && words.every((word) => names.has(word)));
  if (pair) return [names.get(pair[0]) as string, names.get(pair[1]) as string];
  const words = [...names.keys()];
  const hasBoth = [0, 1].every((side) => NO_YES.some((each) => names.has(each[side])));
  const areSeveral = words.length > 2 && hasBoth && words.every((word) => WORDS.includes(word));
  return areSeveral && words.some((word) => !/^[01]$/.test(word)) ? ['no', 'yes'] : undefined;
}

/** Returns 0 or 1 for a word for no or for yes, such as `False`; undefined for other texts. */
export function yesNoNumber(text: string): number | undefined {
  const spelling = spellingOf(text);
  const pair = NO_YES.find((words) => words.includes(spelling));
  return pair && Number(pair[1] === spelling);
}

/** Returns the spellings of the two values of a yes/no column: all words for no and for yes, if its own are such words. */
export function yesNoSpellings(values: readonly string[]): readonly (readonly [no: string, yes: string])[] {
  const own = values.map(spellingOf);
  return NO_YES.some((pair) => pair.every((word, i) => word === own[i])) ? NO_YES : [[own[0], own[1]]];
}
