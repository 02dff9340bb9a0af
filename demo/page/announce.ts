import { write } from './element.js';

/** Has a screen reader say what has come about, once. */
export const announce = (text: string) => write('say', text);

/** Returns what announces the progress of something long, a quarter at a time, and what has come of it. */
export function announcer(): (share: number, text: string) => void {
  let told = 0;
  return (share, text) => {
    const quarter = Math.floor(4 * share);
    if (quarter === told) return;
    told = quarter;
    if (quarter > 0) announce(text);
  };
}
