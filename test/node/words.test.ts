import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Words with which no doc comment begins: its first sentence says what comes back or is done. */
const REFUSED = /^(What|How|Whether|Of|Where|Which|Who|Whose|Why|By)\b/;

/** Returns the text of each doc comment, without its stars. */
const commentsIn = (text: string) =>
  Array.from(text.matchAll(/^\s*\/\*\*\s(?:\s*\*\s)?(.*?)\s*\*\/$/gms), ([, words]) => words);

test('is found at the head of a comment of one line or of several', () => {
  const text =
    '/** What it is. */\n  /**\n   * Of one\n   * or two.\n   */\n/** Returns what\n * it is. */\nconst a = 1; // Of it';
  expect(commentsIn(text).map((words) => REFUSED.test(words))).toEqual([true, true, false]);
});

test.each(['src', 'demo', 'test', 'examples'])(
  'no doc comment in %s begins with What, How, Whether or Of',
  (folder) => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const found = files.flatMap((name) =>
      commentsIn(readFileSync(join(folder, name), 'utf8'))
        .filter((words) => REFUSED.test(words))
        .map((words) => `${name}: ${words}`),
    );
    expect(found).toEqual([]);
  },
);
