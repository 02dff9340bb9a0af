import { type FeaturePreparation, LARGEST } from '../table/preparation.js';
import { spellingOf, yesNoSpellings } from '../table/spellings.js';
import type { Graph } from './graph.js';

type Numbers = Extract<FeaturePreparation, { kind: 'number' | 'date' }>;
type Texts = Exclude<FeaturePreparation, Numbers>;

/** Returns true if a column holds numbers, or dates as days. */
export function isNumber(feature: FeaturePreparation): feature is Numbers {
  return feature.kind === 'number' || feature.kind === 'date';
}

/** Adds one input for each column and returns the inputs of the network [rows, width], prepared as `encodeFeatures` does. */
export function addColumns(graph: Graph, features: readonly FeaturePreparation[]): string {
  for (const feature of features) graph.input(feature.name, isNumber(feature) ? 'float64' : 'string', 1);
  const numbers = features.filter(isNumber);
  const marked = numbers.filter(({ indicator }) => indicator);
  const texts = features.filter((feature): feature is Texts => !isNumber(feature));
  const parts = [
    ...(numbers.length > 0 ? addNumbers(graph, numbers, marked) : []),
    ...texts.map((each) => addTexts(graph, each)),
  ];
  const joined = joinedColumns(graph, parts);
  // The parts lie one after the other: numbers, their indicators, texts. The network has them by column.
  let [number, mark, text] = [0, numbers.length, numbers.length + marked.length];
  const order = features.flatMap((feature): number[] => {
    if (isNumber(feature)) return feature.indicator ? [number++, mark++] : [number++];
    const width = feature.kind === 'category' ? feature.values.length + 1 : 1;
    return Array.from({ length: width }, () => text++);
  });
  return order.every((from, to) => from === to) ? joined : gathered(graph, joined, order);
}

/** Adds the scaled numbers [rows, columns] and, if there are some, the indicators of missing ones. */
function addNumbers(graph: Graph, numbers: readonly Numbers[], marked: readonly Numbers[]): string[] {
  const perColumn = (name: string, of: (feature: Numbers) => number) =>
    graph.constant(name, [1, numbers.length], Float64Array.from(numbers, of));
  const isPlain = ({ mean, deviation }: Numbers) => mean === 0 && deviation === 1;
  const values = joinedColumns(
    graph,
    numbers.map(({ name }) => name),
  );
  // Infinity is no number that a table can hold, so it is missing, as it is to `predict`.
  const isMissing = graph.node('Or', [graph.node('IsNaN', [values]), graph.node('IsInf', [values])]);
  const known = graph.node('Where', [isMissing, perColumn('fill', ({ fill }) => fill), values]);
  const centred = graph.node('Sub', [known, perColumn('mean', ({ mean }) => mean)]);
  const scaled = graph.node('Div', [centred, perColumn('deviation', ({ deviation }) => deviation)]);
  const most = perColumn('largest', (feature) => (isPlain(feature) ? Number.POSITIVE_INFINITY : LARGEST));
  const least = perColumn('least', (feature) => (isPlain(feature) ? Number.NEGATIVE_INFINITY : -LARGEST));
  const inputs = graph.cast(graph.node('Max', [graph.node('Min', [scaled, most]), least]), 'float32');
  if (marked.length === 0) return [inputs];
  const order = marked.map((feature) => numbers.indexOf(feature));
  return [inputs, gathered(graph, graph.cast(isMissing, 'float32'), order)];
}

/** Adds the inputs [rows, width] of a column of texts. */
function addTexts(graph: Graph, feature: Texts): string {
  const values = feature.kind === 'yes/no' ? yesNoSpellings(feature.values) : [feature.values];
  const spellings = feature.values.map((_, code) => [...new Set(values.flatMap((all) => spellingsOf(all[code])))]);
  const texts = spellings.flat();
  const codes = spellings.flatMap((all, code) => all.map(() => code));
  if (feature.kind === 'yes/no') return graph.encoder(feature.name, texts, Float32Array.from(codes), 0.5);
  const others = feature.values.length;
  const code = graph.encoder(feature.name, texts, BigInt64Array.from(codes, BigInt), BigInt(others));
  const places = graph.constant(
    'places',
    [1, others + 1],
    BigInt64Array.from({ length: others + 1 }, (_, i) => BigInt(i)),
  );
  return graph.cast(graph.node('Equal', [code, places]), 'float32');
}

/** Letters beyond ASCII of a value of which a graph knows every mixture of small ones and capitals: 2^n spellings. */
const MOST_LETTERS = 6;

/**
 * Returns the ways to write a value that are left when ASCII letters are small, which a graph sees to. Of many other letters
 * those all small, all capital, or as in the training file.
 */
function spellingsOf(value: string): string[] {
  const small = spellingOf(value);
  const letters = [...small].map((letter) => {
    const capital = letter > '\u007f' ? letter.toUpperCase() : letter;
    return capital.toLowerCase() === letter ? [...new Set([letter, capital])] : [letter]; // ß in capitals is SS, another value
  });
  const isShort = letters.filter(({ length }) => length > 1).length <= MOST_LETTERS;
  const mixtures = isShort
    ? letters.reduce((all, cases) => cases.flatMap((letter) => all.map((start) => start + letter)), [''])
    : [small, letters.map((cases) => cases[cases.length - 1]).join('')];
  return [...new Set([...mixtures, value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())])];
}

function joinedColumns(graph: Graph, parts: readonly string[]): string {
  return parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis: 1n });
}

function gathered(graph: Graph, values: string, order: readonly number[]): string {
  const columns = graph.constant('order', [order.length], BigInt64Array.from(order, BigInt));
  return graph.node('Gather', [values, columns], { axis: 1n });
}
