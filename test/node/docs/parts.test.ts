import { expect, test } from 'vitest';
import { knownKinds } from '../../../src/train/training-from-config.js';
import { textOf } from './markdown.js';

test.each(knownKinds().filter((kind) => kind !== 'dense'))('%s has a row in the guide to the parts', (kind) => {
  const rows = textOf('docs/guides/parts.md')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  expect(rows.filter((row) => row.split(' | ')[0].includes(`\`${kind}(`))).not.toEqual([]);
});
