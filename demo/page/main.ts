import { showBanners } from '../views/banners/banners.js';
import { showKnobs } from '../views/controls/knobs.js';
import { showSetup } from '../views/controls/setup.js';
import { showCurves } from '../views/curves/curves.js';
import { mixAnew } from '../views/draw/ink.js';
import { closeMenus } from '../views/header/menus.js';
import { listenForPresent } from '../views/header/present.js';
import { Tabs } from '../views/inside/tabs.js';
import { showKnob } from '../views/knob/knob.js';
import { showLesson } from '../views/lesson/lesson-card.js';
import { showRuns } from '../views/runs/runs-table.js';
import { showStory } from '../views/story/story.js';
import { offerTables } from '../views/table/gallery.js';
import { Transport } from '../views/transport/transport.js';
import { showTrust } from '../views/trust/trust-strip.js';
import { listenForFiles } from './drop.js';
import { element } from './element.js';
import { onceAFrame } from './once-a-frame.js';
import { Page } from './page.js';
import { listenForShortcuts } from './shortcuts.js';

const page = new Page();
page.tellState();
const transport = new Transport(page);
showLesson(page);
showStory(page);
showKnob(page, transport);
showKnobs(page);
showSetup(page);
showRuns(page);
showCurves(page);
showBanners(page);
listenForFiles(page);
offerTables(page);
listenForShortcuts(page, transport);
listenForPresent();
new Tabs(page);
showTrust(page);

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

// A file that is opened is beyond any lesson.
let data = page.state.data;
page.on('state', () => {
  if (page.state.data === 'own' && data !== 'own') page.showLab(true);
  data = page.state.data;
});
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
