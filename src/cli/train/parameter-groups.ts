import { isInRange } from '../../errors/arguments.js';
import type { ParameterGroup } from '../../index.js';
import { AT_LEAST_0 } from '../../nn/hyper-parameters.js';
import { numberOr, type Option, type OptionValues } from '../parse-options.js';

export const GROUPS_OPTION = {
  value: 'GROUPS',
  text:
    'A rate, a decay or a freeze of their own for some parameters, such as "dense0:freeze;.b:rate=2,decay=0": names of a layer, ' +
    'of one parameter of it (dense1.w) or of all of one kind (.b); rate is a factor of --learning-rate. Default none.',
} as const satisfies Option;

const NAME = /^(\w+)?(?:\.(\w+))?$/;

/**
 * Returns the groups in a text such as `dense0:freeze;.b:rate=2,decay=0`.
 * @throws UsageError naming the group that is wrong
 */
export function readGroups(text: string, { refuse }: Pick<OptionValues, 'refuse'>): ParameterGroup[] {
  return text.split(';').map((each) => {
    const [names, settings = ''] = each.split(':').map((part) => part.trim());
    const [, layer, parameter] = NAME.exec(names) ?? [];
    const made: ParameterGroup = {
      layers: layer ? [layer] : undefined,
      parameters: parameter ? [parameter] : undefined,
    };
    for (const setting of settings.split(',')) {
      const [name, value] = setting.split('=').map((part) => part.trim());
      const number = numberOr(value ?? '');
      if (name === 'freeze' && value === undefined) made.freeze = true;
      else if (name === 'rate' && isInRange(number, AT_LEAST_0)) made.rate = number;
      else if (name === 'decay' && isInRange(number, AT_LEAST_0)) made.weightDecay = number;
      else throw wrong(each);
    }
    if (layer === undefined && parameter === undefined) throw wrong(each);
    return made;
  });

  function wrong(group: string) {
    const allowed = 'a layer, a parameter or both, and rate=FACTOR, decay=DECAY or freeze, such as dense0.w:rate=0.1';
    return refuse(`--groups must hold ${allowed}, got ${JSON.stringify(group)}`);
  }
}

/** Returns groups as `readGroups` reads them, with their hyper-parameters as they stand. */
export function groupsText(groups: readonly ParameterGroup[], hyper: Readonly<Record<string, number>> = {}): string {
  return groups
    .map(({ layers = [], parameters = [], rate, weightDecay, freeze }, i) => {
      const numbers = [
        ...(rate === undefined ? [] : [`rate=${hyper[`group${i}.rate`] ?? rate}`]),
        ...(weightDecay === undefined ? [] : [`decay=${hyper[`group${i}.weightDecay`] ?? weightDecay}`]),
        ...(freeze ? ['freeze'] : []),
      ];
      return `${layers[0] ?? ''}${parameters[0] === undefined ? '' : `.${parameters[0]}`}:${numbers.join()}`;
    })
    .join(';');
}

/**
 * Refuses groups that name no parameter of a network.
 * @param names of its parameters, such as dense0.w
 * @throws UsageError
 */
export function checkGroups(text: string, names: readonly string[], { refuse }: Pick<OptionValues, 'refuse'>): void {
  for (const { layers, parameters } of readGroups(text, { refuse })) {
    const isIn = (name: string) => {
      const [layer, parameter] = name.split('.');
      return (layers?.includes(layer) ?? true) && (parameters?.includes(parameter) ?? true);
    };
    if (names.some(isIn)) continue;
    const asked = `${layers ?? ''}${parameters ? `.${parameters}` : ''}`;
    throw refuse(`--groups: the network has no ${asked}; it has ${names.join(', ')}`);
  }
}
