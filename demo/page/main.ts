import { showBanners } from '../views/banners/banners.js';
import { showKnobs } from '../views/controls/knobs.js';
import { showSetup } from '../views/controls/setup.js';
import { Transport } from '../views/controls/transport.js';
import { showCurves } from '../views/curves/curves.js';
import { mixAnew } from '../views/draw/ink.js';
import { closeMenus } from '../views/header/menus.js';
import { Tabs } from '../views/inside/tabs.js';
import { showLesson } from '../views/lesson/lesson-card.js';
import { showRuns } from '../views/runs/runs-table.js';
import { showTrust } from '../views/trust/trust-strip.js';
import { listenForFiles } from './drop.js';
import { button, element } from './element.js';
import { onceAFrame } from './once-a-frame.js';
import { Page } from './page.js';
import { listenForShortcuts } from './shortcuts.js';

const page = new Page();
page.tellState();
const transport = new Transport(page);
showLesson(page);
showKnobs(page);
showSetup(page);
showRuns(page);
showCurves(page);
showBanners(page);
listenForFiles(page);
listenForShortcuts(transport);
const tabs = new Tabs(page);
showTrust(page, async () => {
  await tabs.open('check');
  button('tab-check').focus();
  button('verify').click();
});

/**
 * Starts the runs of a lesson of curves, unless a person asked for less motion. Runs that a person kept go on as they are.
 * The lessons of search and check begin with a button.
 */
function begin(): void {
  if (page.runs.some(({ facts }) => facts.steps > 0)) return;
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const isOfCurves = page.lesson?.name !== 'search' && page.lesson?.name !== 'check';
  if (isOfCurves && !isStill) transport.play();
  else transport.pause();
}
page.on('lesson', begin);
begin();

const look = onceAFrame(() => {
  mixAnew();
  page.emit('look');
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look);
addEventListener('resize', look);

// The setup is a drawer on a narrow page, and always open on a wide one.
const wide = matchMedia('(min-width: 60rem)');
const fold = () => {
  element('drawer', HTMLDetailsElement).open = wide.matches;
};
wide.addEventListener('change', fold);
fold();
element('settings', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
closeMenus();
