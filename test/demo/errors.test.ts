import { expect, test } from 'vitest';
import { EngineError } from 'wgrad';
import { inWords } from '../../demo/words/errors.js';

const LOST =
  'engine: the GPU device was lost (unknown); create a new engine and go on with loadTrainer(engine, bytes) from the last save';

test.each([
  [new EngineError('lost', LOST), 'The GPU was lost. The page looks for another one.'],
  [new EngineError('memory', 'createPopulation: 3 GB'), /smaller layers, a smaller batch, or fewer runs/],
  [new EngineError('limit', 'dense: maxBufferSize'), /more than the GPU can take/],
  [new EngineError('diverged', 'fit: loss is NaN; use set({ learningRate })'), /Lower the learning rate/],
  [new EngineError('validation', 'writeBuffer'), /Press Reset, or reload the page. \(writeBuffer\)/],
  [new EngineError('data', "table: 'a' cannot be learned"), "'a' cannot be learned"],
  [new RangeError("prepareTable: drop: 'a' is the target"), "drop: 'a' is the target"],
  [new Error('mine: as it is'), 'mine: as it is'],
  ['text', 'text'],
])('%s is told in words', (error, words) => {
  const said = inWords(error);
  if (words instanceof RegExp) expect(said).toMatch(words);
  else expect(said).toBe(words);
  expect(said).not.toMatch(/loadTrainer|createEngine|set\(|prepareTable/);
});
