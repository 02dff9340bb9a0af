// Prints a table of the budgets. Needs a build: npm run build.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { module } = await runnerImport(fileURLToPath(new URL('budgets.ts', import.meta.url)));
const rows = (await module.measureBudgets(root)).map(({ name, now, allowed }) => [
  name,
  now.toLocaleString('en'),
  allowed.toLocaleString('en'),
]);
const table = [['budget', 'now', 'allowed'], ...rows];
const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
for (const [name, ...numbers] of table) {
  console.log([name.padEnd(widths[0]), ...numbers.map((text, i) => text.padStart(widths[i + 1]))].join('  '));
}
