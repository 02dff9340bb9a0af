// Measures what a job and a state cost through a local Postgres: node test/fleet/measure.mjs, after npm run build.
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { openDatabase } from '../../dist/fleet/database.js';
import { startLocalPostgres } from '../../dist/fleet/local-postgres.js';
import { SearchTables } from '../../dist/fleet/search-tables.js';
import { readPart, writePart } from '../../dist/tune/saved-part.js';

const JOBS = 200;
/** Parameters of 784-32-10 and of 784-512-512-10, each with two states of an optimiser. */
const NETWORKS = {
  '784-32-10, momentum': [25_450, 2],
  '784-32-10, Adam': [25_450, 3],
  '784-512-512-10, Adam': [669_706, 3],
};

const postgres = await startLocalPostgres();
const database = await openDatabase(postgres.url.replace('@', `:${postgres.password}@`), 'measure');
const tables = await SearchTables.open(database, 'wgrad_0123456789abcdef', true);
console.log(`Node ${process.version}, ${cpus()[0].model}, ${cpus().length} cores, Postgres on the same machine`);

/** Returns the median milliseconds of a call. */
async function median(times, run) {
  const all = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await run(i);
    all.push(performance.now() - started);
  }
  return all.sort((a, b) => a - b)[Math.floor(times / 2)];
}

const worker = await tables.signOn({ name: 'measure', adapter: 'none', refused: null });
const trial = (id) => ({ id, config: { l2: 1e-4, dropout: 0.2 }, status: 'running', epochs: 0, rungs: [], seconds: 0 });
const idOf = (i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
const parts = {
  send: await median(JOBS, (i) => tables.send(idOf(i), { round: 0, epochs: 1, trials: [trial(i)] })),
  take: 0,
  complete: 0,
  look: await median(JOBS, () => tables.trained([0], [0])),
};
const taken = [];
parts.take = await median(JOBS, async () => taken.push(await tables.take(worker)));
parts.complete = await median(JOBS, (i) =>
  tables.complete(taken[i].id, taken[i].job, worker, [{ trial: taken[i].job.trials[0], state: undefined }], 0),
);
for (const [name, ms] of Object.entries(parts)) console.log(`${name.padEnd(24)}${ms.toFixed(2)} ms`);

let next = 1000;
for (const [name, [parameters, copies]] of Object.entries(NETWORKS)) {
  const states = [new Map(Array.from({ length: copies }, (_, i) => [`s${i}`, { data: randomFloats(parameters) }]))];
  const part = {
    states,
    members: [{ seed: 0, shuffleSeed: 0, hyper: {} }],
    diverged: [undefined],
    steps: 1,
    position: { epoch: 1, row: 0 },
  };
  const bytes = writePart(part);
  const job = { round: 1, epochs: 1, trials: [] };
  const write = await median(20, () =>
    tables.complete(idOf(++next), job, worker, [{ trial: { ...trial(next), epochs: 1 }, state: bytes }], 0),
  );
  let back;
  const read = await median(20, async () => {
    back = await tables.state(next, 1);
  });
  if (Buffer.compare(back, Buffer.from(bytes)) !== 0) throw new Error('measure: another state came back');
  const pack = await median(20, () => writePart(part));
  const unpack = await median(20, () => readPart(back));
  console.log(
    `${name.padEnd(24)}${bytes.length} bytes; written in ${write.toFixed(1)} ms, read in ${read.toFixed(1)} ms, ` +
      `packed in ${pack.toFixed(1)} ms, unpacked in ${unpack.toFixed(1)} ms`,
  );
}

const data = randomBytes(6000 * 784);
const sent = await median(1, () => tables.writeData('hash', data));
const got = await median(1, () => tables.readData('hash'));
console.log(
  `${'6,000 MNIST images'.padEnd(24)}${data.length} bytes; sent in ${sent.toFixed(0)} ms, read in ${got.toFixed(0)} ms`,
);
await database.close();
await postgres.stop();

function randomFloats(count) {
  return Float32Array.from({ length: count }, () => Math.random());
}
