import { write } from './element.js';

/** Has screen readers say a text once. */
export const announce = (text: string) => write('say', text);

/** Returns a function that announces the progress of a long task at each quarter, and its outcome. */
export function announcer(): (share: number, text: string) => void {
  let told = 0;
  return (share, text) => {
    const quarter = Math.floor(4 * share);
    if (quarter === told) return;
    told = quarter;
    if (quarter > 0) announce(text);
  };
}
