import type { OutputMeaning } from '../nn/losses.js';
import type { Preparation } from '../table/preparation.js';
import type { Graph } from './graph.js';

/** The meaning of a network's outputs. */
export interface Meaning {
  readonly meaning: OutputMeaning;
  readonly outputs: number;
  /** The names of the classes, if they have some. */
  readonly classes?: readonly string[] | undefined;
  readonly target?: Preparation['target'] | undefined;
}

/** Adds the outputs of a graph to the outputs of its network: `output`, and what a person wants to know. */
export function addAnswers(graph: Graph, network: string, { meaning, outputs, classes, target }: Meaning): void {
  const output = graph.node('Identity', [network], {}, 'output');
  graph.output(output, 'float32', outputs);
  if (meaning === 'softmax') {
    graph.output(graph.node('Softmax', [output], { axis: 1n }, 'probabilities'), 'float32', outputs);
    addLabel(graph, graph.node('ArgMax', [output], { axis: 1n, keepdims: 0n }), classes);
  } else if (meaning !== 'numbers') {
    if (meaning === 'sigmoid') graph.output(graph.node('Sigmoid', [output], {}, 'probabilities'), 'float32', outputs);
    const isLikely = graph.node('Greater', [output, graph.constant('zero', [1, 1], new Float32Array(1))]);
    if (outputs > 1) graph.output(graph.cast(isLikely, 'int64', 'label'), 'int64', outputs);
    else
      addLabel(
        graph,
        graph.node('Squeeze', [graph.cast(isLikely, 'int64'), graph.constant('axis', [1], new BigInt64Array([1n]))]),
        classes,
      );
  } else if (target && 'mean' in target) {
    const number = (name: string, value: number) => graph.constant(name, [1, 1], new Float64Array([value]));
    const exact = graph.cast(output, 'float64');
    const scaled = graph.node('Mul', [exact, number('target_deviation', target.deviation)]);
    graph.output(graph.node('Add', [scaled, number('target_mean', target.mean)], {}, 'prediction'), 'float64', outputs);
  }
}

/** Adds the output `label` [rows]: the names of classes, or their numbers where they have none. */
function addLabel(graph: Graph, code: string, classes: readonly string[] | undefined): void {
  if (classes) {
    const names = graph.constant('classes', [classes.length], classes);
    graph.output(graph.node('Gather', [names, code], { axis: 0n }, 'label'), 'string');
  } else graph.output(graph.node('Identity', [code], {}, 'label'), 'int64');
}
