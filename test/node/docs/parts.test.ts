import { expect, test } from 'vitest';
import { KNOWN_KINDS } from '../../../src/train/savable.js';
import { textOf } from './markdown.js';

test.each(KNOWN_KINDS.filter((kind) => kind !== 'dense'))('%s has a row in the guide to the parts', (kind) => {
  const rows = textOf('docs/guides/parts.md')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  expect(rows.filter((row) => row.split(' | ')[0].includes(`\`${kind}(`))).not.toEqual([]);
});
