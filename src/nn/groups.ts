import { checkBoolean, checkNumber, checkOptions, show } from '../errors/arguments.js';
import type { HostContext, Update } from '../graph/step.js';
import { constant, descend } from '../ops/index.js';
import { asKnown, checkDescribed } from './described.js';
import { AT_LEAST_0 } from './hyper-parameters.js';
import type { Parameter } from './layer.js';
import type { Optimizer, OptimizerContext, ParameterGradient } from './optimizers.js';

/** Parameters that an optimiser treats in a way of their own. */
export interface ParameterGroup {
  /** Names of layers, such as `dense0`. Default: all. */
  layers?: readonly string[];
  /** Last parts of names, such as `w` or `b`. Default: all. */
  parameters?: readonly string[];
  /** Factor of the learning rate, at least 0; the hyper-parameter `group0.rate` of the first group. Default 1. */
  rate?: number;
  /** Weight decay in place of the optimiser's, at least 0; `group0.weightDecay` of the first group. */
  weightDecay?: number;
  /** True: they keep their values, but for a constraint. Default false. */
  freeze?: boolean;
}

const KNOWN = ['layers', 'parameters', 'rate', 'weightDecay', 'freeze'];

/**
 * An optimiser with a rate or a weight decay of their own for groups of parameters, or frozen ones. A parameter belongs to
 * the first group that names it; those of no group are the optimiser's as before.
 * @throws TypeError or RangeError naming the option that is wrong; when a model is traced, if a group names no parameter of it,
 * or sets what the optimiser does not have
 */
export function groups(optimizer: Optimizer, list: readonly ParameterGroup[]): Optimizer {
  const kind = 'groups';
  checkDescribed(kind, 'optimizer', optimizer, 'update', 'adam()');
  if (!Array.isArray(list)) throw new TypeError(`groups: list must be an array of groups, got ${show(list)}`);
  const all: readonly ParameterGroup[] = list.map(checkGroup);
  const indexOf = (parameter: Parameter) => all.findIndex((group) => isIn(group, parameter));
  return asKnown({
    ...optimizer,
    kind,
    options: { optimizer, groups: all.map((group) => ({ ...group })) },
    update(gradients, context) {
      const others = gradients.filter(({ parameter }) => indexOf(parameter) < 0);
      return [
        ...optimizer.update(others, context),
        ...all.flatMap((group, i) => {
          const own = gradients.filter(({ parameter }) => indexOf(parameter) === i);
          if (own.length === 0) throw new RangeError(`groups: groups[${i}] names no parameter of the model`);
          return group.freeze ? own.map(unchanged) : updatesOf(optimizer, own, group, i, context);
        }),
      ];
    },
    rate(parameter) {
      const at = optimizer.rate?.(parameter);
      if (!at) throw new Error(`groups: the optimizer ${optimizer.kind} does not tell its rate`);
      const i = indexOf(parameter);
      return i < 0 ? at : (host) => at(hostOf(all[i], i, host));
    },
  });
}

function checkGroup(group: ParameterGroup, i: number): ParameterGroup {
  const where = `groups: groups[${i}]`;
  checkOptions(where, group, KNOWN);
  for (const name of ['layers', 'parameters'] as const) {
    const names: unknown = group[name];
    if (names === undefined || (Array.isArray(names) && names.every((each) => typeof each === 'string'))) continue;
    throw new TypeError(`${where}: ${name} must be an array of names, got ${show(names)}`);
  }
  for (const name of ['rate', 'weightDecay'] as const) {
    if (group[name] !== undefined) checkNumber(where, name, group[name], AT_LEAST_0);
  }
  if (group.freeze !== undefined) checkBoolean(where, 'freeze', group.freeze);
  return group;
}

/** Returns the update that keeps a parameter: every parameter has one, so that whatever reads states finds it among them. */
const unchanged = ({ parameter: { tensor }, gradient }: ParameterGradient): Update => ({
  state: tensor,
  value: descend(tensor, gradient, constant(tensor.trace, 0)),
});

const isIn = ({ layers, parameters }: ParameterGroup, { layer, name }: Parameter) =>
  (layers?.includes(layer) ?? true) && (parameters?.includes(name.slice(name.lastIndexOf('.') + 1)) ?? true);

/** Returns the host's values as the optimiser is to see them for a group. */
function hostOf({ rate, weightDecay }: ParameterGroup, i: number, host: HostContext): HostContext {
  const hyper = { ...host.hyper };
  if (rate !== undefined) hyper.learningRate *= hyper[`group${i}.rate`];
  if (weightDecay !== undefined) hyper.weightDecay = hyper[`group${i}.weightDecay`];
  return { ...host, hyper };
}

/** Returns the updates of a group, in whose context the optimiser's scalars are the group's. */
function updatesOf(
  optimizer: Optimizer,
  own: readonly ParameterGradient[],
  group: ParameterGroup,
  i: number,
  context: OptimizerContext,
): Update[] {
  const declared = new Set<string>();
  const updates = optimizer.update(own, {
    ...context,
    hyper: (name, start, range) => {
      declared.add(name);
      context.hyper(name, start, range);
    },
    scalar: (name, host = ({ hyper }) => [hyper[name]]) =>
      context.scalar(`${name}, group ${i}`, (at) => host(hostOf(group, i, at))),
  });
  for (const [name, of] of [
    ['rate', 'learningRate'],
    ['weightDecay', 'weightDecay'],
  ] as const) {
    const start = group[name];
    if (start === undefined) continue;
    context.hyper(`group${i}.${name}`, start, AT_LEAST_0);
    if (!declared.has(of)) throw new RangeError(`groups: groups[${i}].${name}: the optimizer has no ${of} here`);
  }
  return updates;
}
