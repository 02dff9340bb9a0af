import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/parse-options.js';
import { checkSpace } from '../../src/tune/space.js';
import { successiveHalving, type Trial, uniform } from '../../src/tune.js';
import { placesOf, readOptions, suitesIn } from '../bench/bench-options.js';
import { accuracyOf, checkedProblem, checkedProblems, idleDropout } from '../bench/check-parameters.js';
import { dropoutFault } from '../bench/dropout-fault.js';
import { mergeResults } from '../bench/merge-results.js';
import { type Network, networkOf, type Problem } from '../bench/network.js';
import { countFor, interleave } from '../bench/rounds.js';
import { epochsOfHalving, foundBy, populationFor, quartilesOf } from '../bench/search-figures.js';
import { ratioOf, spreadOf } from '../bench/spread.js';
import { fewOf, inTurn, sweepOf } from '../bench/sweep.js';
import { markdownOf, textOf } from '../bench/table.js';
import { targetTables } from '../bench/targets.js';
import { trainTextbook } from '../bench/textbook.js';
import { multiplyTextbook, productError } from '../bench/textbook-product.js';

describe('an engine is held against float64', () => {
  const checked = checkedProblem(networkOf([784, 32, 10]));
  const { problem, steps, truth } = checked;
  const trained = (changes: Partial<Network>, parts: Partial<Problem> = {}) =>
    trainTextbook({ ...problem, ...parts, network: { ...problem.network, ...changes } }, steps).parameters;

  test('float32 is near enough', () => {
    const accuracy = accuracyOf(
      checked,
      truth.map((values) => Float32Array.from(values)),
    );
    expect(accuracy.wrong).toBeUndefined();
    expect(accuracy.error).toBeGreaterThan(0);
    expect(accuracy.error).toBeLessThan(accuracy.limit);
  });

  const [first, ...others] = problem.labels;
  test.each<[string, Partial<Network>, Partial<Problem>?]>([
    ['no penalty', { l2: 0 }],
    ["Keras' λ", { l2: 2 * problem.network.l2 }],
    ['no momentum', { momentum: 0 }],
    ['a learning rate that is off by a thousandth', { learningRate: 1.001 * problem.network.learningRate }],
    ['another label in one row', {}, { labels: Uint32Array.of((first + 1) % 10, ...others) }],
  ])('%s is noticed', (_, changes, parts) => {
    expect(accuracyOf(checked, trained(changes, parts)).wrong).toMatch(/^(weights|biases) of layer \d are off by /);
  });

  test('NaN, a missing tensor and a step that did nothing are noticed', () => {
    const broken = truth.map((values) => values.slice());
    broken[2][7] = Number.NaN;
    expect(accuracyOf(checked, broken).wrong).toBe('weights of layer 1 are off by NaN of their change');
    expect(accuracyOf(checked, truth.slice(0, 3)).wrong).toBe('biases of layer 1: undefined numbers');
    expect(accuracyOf(checked, problem.start).wrong).toBe('weights of layer 0 are off by 1.0e+0 of their change');
  });

  test('dropout that does nothing is noticed', () => {
    expect(idleDropout(checked, truth)).toBe('dropout changes nothing');
    expect(idleDropout(checked, problem.start)).toBeUndefined();
  });
});

test.each([
  [[2, 0, 2, 0], [0, 2, 2, 0], undefined],
  [[2, 0, 2, 0], [2, 0, 2, 0], 'dropout: two masks are the same'],
  [[1, 0, 1, 0], [0, 1, 1, 0], 'dropout: 1 became 1'],
])('masks %j and %j', (a, b, fault) => {
  const long = (mask: number[]) => Array.from({ length: 400 }, (_, i) => mask[i % 4]);
  expect(dropoutFault(0.5, long(a), long(b))).toBe(fault);
});

test('dropout of another rate is noticed', () => {
  const sparse = Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 2 : 0));
  expect(dropoutFault(0.5, sparse, sparse.toReversed())).toBe('dropout: 250 of 1000 are kept');
});

test.each(['nn', 'nt', 'tn'] as const)('a product in the form %s', (form) => {
  const a = Float32Array.of(1, 2, 3, 4);
  const b = Float32Array.of(5, 6, 7, 8);
  const wanted = { nn: [19, 22, 43, 50], nt: [17, 23, 39, 53], tn: [26, 30, 38, 44] }[form];
  const truth = multiplyTextbook({ form, size: 2, a, b });
  expect([...truth.values]).toEqual(wanted);
  expect(productError(wanted, truth)).toBe(0);
  expect(productError(wanted.with(3, wanted[3] * (1 + 1e-6)), truth)).toBeGreaterThan(1);
  expect(productError(wanted.with(3, Number.NaN), truth)).toBeNaN();
  expect(productError([], truth)).toBe(Number.POSITIVE_INFINITY);
});

test('medians, ends and ratios', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(() => spreadOf([])).toThrow(new RangeError('spreadOf: there are no values'));
  // The machine was ten times slower in the second round, for both.
  expect(ratioOf([4, 40, 5], [2, 20, 2])).toEqual({ median: 2, min: 2, max: 2.5 });
});

test('every engine has its turn in every round, and the first round does not count', async () => {
  const turns: string[] = [];
  const entrant = (name: string) => ({
    work: { run: async (count: number) => void turns.push(`${name}${count}`), dispose: () => {} },
    count: 2,
  });
  const times = await interleave('turns', ['a', 'b', 'c'].map(entrant), { rounds: 2, log: () => {} });
  expect(turns.join(' ')).toBe('a2 b2 c2 b2 c2 a2 c2 a2 b2');
  expect(times.map((each) => each?.length)).toEqual([2, 2, 2]);
  expect(countFor([1, 10], { least: 100, most: 500 })).toBe(50);
  expect(countFor([100, 1000], { least: 100, most: 500 })).toBe(5);
});

describe('a sweep', () => {
  test('models of one problem are checked on the same weights and the same batch, each with its own truth', () => {
    const models = [
      { l2: 0.1, learningRate: 0.05 },
      { l2: 1e-4, learningRate: 0.5 },
    ];
    const [first, second] = checkedProblems(networkOf([20, 8, 3]), models);
    expect([first, second].map(({ problem: { network } }) => network)).toMatchObject(
      models.map((model) => ({ ...model, dropout: 0 })),
    );
    expect(second.problem.start).toEqual(first.problem.start);
    expect(second.problem.x).toEqual(first.problem.x);
    for (const { problem, steps, truth } of [first, second]) {
      expect(trainTextbook(problem, steps).parameters).toEqual(truth);
    }
    expect(accuracyOf(first, second.truth).wrong).toMatch(/^weights of layer 0 are off by /);
  });

  test('64 models differ, and a few of them are spread over all', () => {
    const models = sweepOf(64);
    expect(new Set(models.map((model) => JSON.stringify(model))).size).toBe(64);
    expect(sweepOf(66).slice(64)).toEqual(models.slice(0, 2));
    expect(fewOf(64, 4)).toEqual([0, 21, 42, 63]);
    expect(fewOf(3, 4)).toEqual([0, 1, 2]);
  });

  test('each training has its turn', async () => {
    const calls: string[] = [];
    const training = (name: string) => ({
      run: async (count: number) => void calls.push(`${name}${count}`),
      parameters: async () => [[name === 'a' ? 1 : 2]],
      dispose: () => void calls.push(`-${name}`),
    });
    const all = inTurn(['a', 'b'].map(training));
    await all.run(3);
    expect(await all.parameters(1)).toEqual([[2]]);
    all.dispose();
    expect(calls.join(' ')).toBe('a3 b3 -a -b');
  });
});

describe('searches', () => {
  const trial = (...scores: number[]) => ({
    epochs: scores.length,
    rungs: scores.map((score, i) => ({ epoch: i + 1, seconds: 0, trainLoss: 0, validationLoss: score, score })),
  });

  test('the best of any trial after any epoch is found, and every epoch is paid for', () => {
    // A trial that diverged was trained for an epoch more than it has measured.
    const trials = [trial(3, 1, 2), { ...trial(4), epochs: 2 }, trial()];
    expect(foundBy(trials)).toEqual({ configurations: 3, epochs: 5, best: 1 });
  });

  test('targets count the tasks on which a way is as good as random search', () => {
    const ways = [
      ['random', 1, 10],
      ['a', 1, 2],
      ['b', 1, 1],
      ['c', 1 / 3, 8],
      ['d', 1 / 3, 7],
    ] as const;
    const rows = ways.map(([strategy, share, asGood]) => ({
      strategy,
      share,
      configurations: 3,
      epochs: 9,
      losses: [],
      ratios: Array.from({ length: 10 }, (_, seed) => (seed < asGood ? 1 : 1.01)),
    }));
    const search = Array.from({ length: 4 }, () => ({ task: '', network: '', space: '', seeds: 10, epochs: 9, rows }));
    const environment = { date: '', command: '', cpu: '', load: [[], []] as const, versions: {} };
    const [table] = targetTables({ environment, places: [{ host: 'Node', adapter: '', software: true, search }] });
    expect(table.rows).toEqual([
      [expect.stringContaining('a: tasks on which it is worse'), '0 of 4', '0 of 4', 'yes'],
      [expect.stringContaining('b: tasks on which it is worse'), '0 of 4', '4 of 4', 'no'],
      [expect.stringContaining("c: tasks on which a third of random's budget"), '4 of 4', '4 of 4', 'yes'],
      [expect.stringContaining("d: tasks on which a third of random's budget"), '4 of 4', '0 of 4', 'no'],
    ]);
  });

  test('quartiles', () => {
    expect(quartilesOf([5, 1, 3, 2, 4])).toEqual({ low: 2, median: 3, high: 4 });
    expect(quartilesOf([1, 2, 3, 4])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
    expect(() => quartilesOf([])).toThrow(new RangeError('quartilesOf: there are no values'));
  });

  test('epochs of successive halving are those that the strategy takes', () => {
    // 81 for 1, 27 for 2, 9 for 6, 3 for 18.
    expect(epochsOfHalving(81, 27, 3)).toBe(81 + 54 + 54 + 54);
    // 7 for 1, 2 for 2, 1 for the 2 that are left of 5.
    expect(epochsOfHalving(7, 5, 3)).toBe(7 + 4 + 2);
    for (const [population, epochs] of [
      [81, 27],
      [46, 9],
      [7, 5],
      [2, 30],
    ]) {
      const strategy = successiveHalving({ eta: 3 });
      const space = checkSpace('test', { l2: uniform(0, 1) });
      let trials: Trial[] = [];
      for (let round = 0; ; round++) {
        const next = strategy.next({
          space,
          changeable: [],
          population,
          epochs,
          trials,
          busy: [],
          round,
          random: () => 0.5,
        });
        if (!next) break;
        for (const { config } of next.start ?? []) {
          trials.push({ id: trials.length, config, status: 'running', epochs: 0, rungs: [], seconds: 0 });
        }
        trials = trials.map((each) => {
          const stays = each.status === 'running' && (next.keep?.includes(each.id) ?? true);
          return stays
            ? { ...each, epochs: each.epochs + next.epochs, score: each.id }
            : { ...each, status: 'dropped' };
        });
      }
      expect(trials.reduce((sum, each) => sum + each.epochs, 0)).toBe(epochsOfHalving(population, epochs, 3));
    }
    expect(populationFor(243, 27, 3)).toBe(81);
    expect(populationFor(242, 27, 3)).toBeLessThan(81);
  });
});

test('a run keeps what others wrote, each under its own command', () => {
  const table = (title: string, cell: string) => ({ title, text: `### ${title}\n\n| a |\n| --- |\n| ${cell} |` });
  const run = (command: string, chart: string, tables: [string, string][]) => ({
    command,
    charts: [chart],
    tables: [table('Measured', command), ...tables.map(([title, cell]) => table(title, cell))],
  });
  const all = run('all', '![A](a.svg)', [
    ['Step', '1'],
    ['Sweep', '2'],
  ]);
  const sweep = run('sweep', '![S](s.svg)', [['Sweep', '3']]);
  const file = (parts: string[]) => `${['# Benchmark', ...parts].join('\n\n')}\n`;
  const first = mergeResults('', all);
  expect(first).toBe(file(['## all', '![A](a.svg)', ...all.tables.map(({ text }) => text)]));
  const both = mergeResults(first, sweep);
  const [measured, step] = all.tables.map(({ text }) => text);
  const anew = sweep.tables.map(({ text }) => text);
  expect(both).toBe(file(['## all', '![A](a.svg)', measured, step, '## sweep', '![S](s.svg)', ...anew]));
  expect(mergeResults(both, sweep)).toBe(both);
  // Nothing that the old run of the sweep measured is left.
  expect(mergeResults(both, all)).toBe(first);
});

test('tables as text and as markdown', () => {
  const table = {
    title: 'T',
    head: ['engine', 'ms'],
    rows: [
      ['wgrad', '1.5'],
      ['a|b', '12'],
    ],
    notes: ['N.'],
  };
  expect(textOf(table)).toBe('T\n  engine   ms\n  wgrad   1.5\n  a|b      12\n  N.');
  expect(markdownOf(table)).toBe('### T\n\n| engine | ms |\n| --- | ---: |\n| wgrad | 1.5 |\n| a\\|b | 12 |\n\nN.');
});

const read = (line: string) => readOptions(line.split(' ').filter(Boolean));

test('options and their defaults', () => {
  expect(read('')).toMatchObject({ where: 'node', rounds: 7, help: false });
  expect(read('').suites).toEqual(['step', 'matmul', 'sweep', 'search', 'probes', 'cold', 'size']);
  expect(read('').rivals).toEqual(['jax-webgpu', 'tfjs-webgpu', 'tfjs-wasm', 'jax-wasm']);
  expect(read('--rivals none --suite size,step').rivals).toEqual([]);
  expect(read('--suite size,step').suites).toEqual(['step', 'size']);
  expect(read('--network 20-16-5 --batch 8').networks).toMatchObject([{ sizes: [20, 16, 5], batchSize: 8 }]);
  expect(read('--where chromium').suites).toEqual(['step', 'matmul', 'sweep', 'probes']);
  const both = read('--where both');
  expect(placesOf(both).map((place) => suitesIn(place, both))).toEqual([
    ['step', 'matmul', 'sweep', 'search', 'probes'],
    ['step'],
  ]);
});

const SUITES = "'step', 'matmul', 'sweep', 'search', 'probes', 'cold', 'size'";
test.each([
  ['--suite steps', `npm run bench --: --suite must be one of ${SUITES}, got "steps", did you mean 'step'?`],
  ['--rounds 0', 'npm run bench --: --rounds must be an integer in [1, 1000], got 0'],
  ['--network 784', 'npm run bench --: --network must be sizes such as 784-128-10, got "784"'],
  ['--batch 8', 'npm run bench --: --batch is for --network'],
  [
    '--where chromium --adapter llvmpipe',
    'npm run bench --: --adapter is for Node; Chromium has the adapter that its flags give it',
  ],
  ['--where chromium --suite cold', 'npm run bench --: --suite cold is measured in Node alone'],
  ['--where chromium --suite sweep,search', 'npm run bench --: --suite search is measured in Node alone'],
  ['--rival jax-wasm', "npm run bench --: unknown option '--rival', did you mean '--rivals'?"],
])('%s is refused', (line, message) => {
  expect(() => read(line)).toThrow(new UsageError(message, '"npm run bench -- --help" explains the options.'));
});
