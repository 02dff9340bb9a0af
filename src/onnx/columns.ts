import { spellingOf, yesNoSpellings } from '../table/column.js';
import { type FeaturePreparation, LARGEST } from '../table/preparation.js';
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

/** Returns the ways to write a value that a graph knows: all that differ by case and blanks would be too many. */
function spellingsOf(value: string): string[] {
  const small = spellingOf(value);
  const capital = small.slice(0, 1).toUpperCase() + small.slice(1);
  // ß in capitals is SS, which is another value.
  return [...new Set([value, small, capital, small.toUpperCase()])].filter((text) => spellingOf(text) === small);
}

function joinedColumns(graph: Graph, parts: readonly string[]): string {
  return parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis: 1n });
}

function gathered(graph: Graph, values: string, order: readonly number[]): string {
  const columns = graph.constant('order', [order.length], BigInt64Array.from(order, BigInt));
  return graph.node('Gather', [values, columns], { axis: 1n });
}
