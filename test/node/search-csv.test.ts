import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { toCSV } from '../../src/tune.js';
import { empty, folds, halving, perLayer, population, SEARCHES, searchOf, started, trialOf } from './search-results.js';

const EPOCH = 'epoch,seconds,trainLoss,trainAccuracy,validationLoss,validationAccuracy,score,standardError';

test('a line for each trial and epoch, and one for a trial without any', () => {
  const trials = [
    trialOf(0, { l2: 1e-7, name: 'a "b", c\nd' }, { accuracy: true, epochs: 1 }),
    trialOf(1, { l2: 0.1, hidden: [128, 64] }, { epochs: 0, status: 'diverged', parent: 0 }),
  ];
  const { rungs } = trials[0];
  const { trainLoss, trainAccuracy, validationLoss, validationAccuracy, score } = rungs[0];
  expect(toCSV(searchOf(trials, {}))).toBe(
    `id,parent,status,l2,name,hidden,${EPOCH}\r\n` +
      `0,,finished,1e-7,"a ""b"", c\nd",,1,0.5,${trainLoss},${trainAccuracy},${validationLoss},${validationAccuracy},${score},\r\n` +
      '1,0,diverged,0.1,,128;64,,,,,,,,\r\n',
  );
  expect(toCSV(empty)).toBe(`id,parent,status,${EPOCH}\r\n`);
});

test.each(Object.entries(SEARCHES))('every number of %s is read back', (_, result) => {
  const [head, ...rows] = Papa.parse<string[]>(toCSV(result), { skipEmptyLines: true }).data;
  const losses = result.trials.flatMap(({ rungs }): (string | number)[] =>
    rungs.length > 0 ? rungs.map(({ validationLoss }) => validationLoss) : [''],
  );
  const column = head.indexOf('validationLoss');
  expect(rows.map((row) => row[column] && Number(row[column]))).toEqual(losses);
  expect(new Set(rows.map(({ length }) => length)).size).toBeLessThan(2);
});

test('parents, folds and values a layer have their columns', () => {
  expect(toCSV(population)).toMatch(/^4,0,finished,0\.00012,0\.24,5,/m);
  expect(toCSV(folds)).toMatch(/,0\.02\r$/m);
  expect(toCSV(perLayer)).toMatch(/^1,,finished,0\.25;0,128;64,relu,1,/m);
  expect(toCSV(halving).split('\r\n')).toHaveLength(
    1 + halving.trials.reduce((sum, { rungs }) => sum + rungs.length, 0) + 1,
  );
  expect(toCSV(started)).toMatch(/^0,,running,0\.000001,0\.5,,,,,,,,\r$/m);
});
