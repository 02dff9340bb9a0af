import type { Session } from './session.js';

/** The session of each population, which is another one after it has grown. */
export const populationSessions = new WeakMap<object, () => Session>();
