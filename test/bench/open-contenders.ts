import type { Contender, Rival } from './contender.js';
import { openRival, type Place } from './open-rival.js';
import { WgradContender } from './wgrad-contender.js';

/** Starts wgrad and its rivals, in that order; `navigator.gpu` must be `place.gpu`, which rivals ask. */
export async function openContenders(
  place: Place,
  rivals: readonly Rival[],
): Promise<{ wgrad: WgradContender; all: Contender[] }> {
  const wgrad = await WgradContender.open(place.gpu);
  const all: Contender[] = [wgrad];
  for (const rival of rivals) all.push(await openRival(place, rival));
  return { wgrad, all };
}
