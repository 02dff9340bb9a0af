import { LESSONS } from '../contract/lessons.js';
import type { Transport } from '../views/transport/transport.js';
import { input } from './element.js';
import type { Page } from './page.js';

/** Elements that keep their keys: a person types in them, or they use the space bar themselves. */
const TYPING = 'input:not([type="range"]), textarea, select, [contenteditable]';
const TURNED = 'input[type="range"], canvas';
const PRESSED = 'button, summary, a, input[type="checkbox"], input[type="radio"]';

/** Listens to keys: Space plays and pauses, S steps, R resets, 1 to 7 open a lesson, L the lab. A person can switch this off. */
export function listenForShortcuts(page: Page, transport: Transport): void {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(target instanceof Element)) return;
    if (!input('shortcuts').checked || (target.matches(TYPING) && !target.matches(PRESSED))) return;
    if (key !== ' ' && target.matches(TURNED)) return;
    if (key === ' ' && target.matches(PRESSED)) return;
    const lesson = LESSONS[Number.parseInt(key, 10) - 1];
    if (key === ' ') transport.toggle();
    else if (key === 's') transport.step();
    else if (key === 'r') transport.reset();
    else if (key === 'l') page.showLab(!page.lab);
    else if (lesson) page.visit(lesson.name);
    else return;
    event.preventDefault();
  });
}
