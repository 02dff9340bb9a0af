import type { LoadedData } from '../data/loaded-data.js';

/** Returns a program that uses the model in a file: it predicts the first row of the table, or an example of zeros. */
export function codeOf(file: string, { table, train, classes }: LoadedData): string {
  const rows = table ? JSON.stringify([firstRow(table)], undefined, 2) : `new Float32Array(${train.features})`;
  const probabilities = classes ? '\nconsole.log(await model.predictProbabilities(rows)); // of ' : '';
  return `// npm install wgrad webgpu @sparticuz/chromium@147 (a page needs wgrad alone, and no nodeGpu)
import { readFile } from 'node:fs/promises';
import { createEngine, loadModel } from 'wgrad';
import { nodeGpu } from 'wgrad/node';

const engine = await createEngine({ gpu: await nodeGpu() });
const model = await loadModel(engine, await readFile('${file}'));
const rows = ${rows};
console.log(await model.predict(rows));${probabilities}${classes ? classes.join(', ') : ''}
engine.dispose();
`;
}

/** Returns the first row of a table as the model reads it: numbers as numbers, and nothing but what it learned from. */
function firstRow({ facts: { columns, target } }: NonNullable<LoadedData['table']>): Record<string, string | number> {
  const used = columns.filter(({ name, leftOut }) => name !== target && leftOut === undefined);
  return Object.fromEntries(
    used.map(({ name, kind, first }) => [
      name,
      kind === 'number' && Number.isFinite(Number(first)) ? Number(first) : first,
    ]),
  );
}
