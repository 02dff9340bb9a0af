import type { Contender, Rival } from './contender.js';
import { openRival, type Place } from './open-rival.js';
import { WgradContender } from './wgrad-contender.js';

/**
 * Starts wgrad and its rivals, in that order; `navigator.gpu` must be `place.gpu`, which rivals ask. A rival that does not
 * start is left out, which the log tells.
 */
export async function openContenders(
  place: Place,
  rivals: readonly Rival[],
  log: (line: string) => void,
): Promise<{ wgrad: WgradContender; all: Contender[] }> {
  const wgrad = await WgradContender.open(place.gpu);
  const all: Contender[] = [wgrad];
  for (const rival of rivals) {
    try {
      all.push(await openRival(place, rival));
    } catch (error) {
      log(`${rival} does not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { wgrad, all };
}
