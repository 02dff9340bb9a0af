import { fitsAddress } from '../../contract/edits.js';
import { LESSON_NAMES } from '../../contract/lessons.js';
import { button, element, input, write } from '../../page/element.js';
import type { Page } from '../../page/page.js';
import { lessons, lesson as words } from '../../words/words.js';

/** Shows the lesson: its question, what to look at, and its link in the row of lessons. */
export function showLesson(page: Page): void {
  const show = () => {
    const { lesson, lab } = page;
    document.body.dataset.lesson = lesson?.name ?? '';
    document.body.dataset.mode = lab ? 'lab' : 'lesson';
    const text = lesson && lessons[lesson.name];
    const isOther = lesson && lesson.state.data !== page.state.data;
    write('lesson-question', text?.question ?? words.own);
    write('lesson-try', isOther ? words.otherData : (text?.idea ?? words.ownIdea));
    for (const link of element('lessons', HTMLElement).querySelectorAll('a')) {
      const isCurrent = link.dataset.lesson === lesson?.name;
      if (isCurrent === link.hasAttribute('aria-current')) continue;
      if (isCurrent) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
      centerCurrent();
    }
    button('reset-lesson').hidden = !lesson;
    button('lab').hidden = !lesson;
    button('lab').ariaPressed = String(lab);
    write('lab', lab ? words.back : words.lab);
  };
  page.on(['lesson', 'state', 'mode'], show);
  show();
  new ResizeObserver(centerCurrent).observe(element('lesson-row', HTMLElement)); // a phone that is turned has less room
  // `location.hash` may hold a newer address that the page itself wrote.
  addEventListener('hashchange', (event) => {
    if (event instanceof HashChangeEvent) page.open(new URL(event.newURL).hash);
  });
  element('lessons', HTMLElement).addEventListener('click', (event) => {
    const { target } = event;
    const name = LESSON_NAMES.find((each) => target instanceof HTMLAnchorElement && target.dataset.lesson === each);
    if (!name || event.ctrlKey || event.metaKey || event.shiftKey) return; // those open another tab or window
    event.preventDefault();
    page.visit(name, { keep: page.lab && input('keep').checked });
  });
  button('reset-lesson').addEventListener('click', () => page.open(`#lesson=${page.lesson?.name}&lab`));
  button('lab').addEventListener('click', () => page.showLab(!page.lab));
  button('copy-link').addEventListener('click', () => copyLink(page));
  element('skip', HTMLElement).addEventListener('click', (event) => {
    event.preventDefault(); // the part of the address after # is the state
    element('main', HTMLElement).focus();
  });
}

/**
 * Scrolls the row of lessons, of which a phone has room for three, to the open one. `scrollIntoView` would move the start of
 * the Tab key, too.
 */
function centerCurrent(): void {
  const row = element('lesson-row', HTMLElement);
  const link = row.querySelector('[aria-current]');
  if (!link) return;
  const [one, all] = [link, row].map((each) => each.getBoundingClientRect());
  row.scrollLeft += one.left + one.width / 2 - all.left - all.width / 2;
}

/** Copies a link to this state and says so; an address cannot carry a file. */
async function copyLink(page: Page): Promise<void> {
  const copy = button('copy-link');
  const { data, edits } = page.state;
  const said = copy.textContent;
  copy.disabled = true; // so that its own words come back
  copy.textContent = await navigator.clipboard.writeText(page.address()).then(
    () => (data === 'own' ? words.withoutFile : fitsAddress(edits) ? words.copied : words.withoutPoints),
    () => words.inAddressBar,
  );
  setTimeout(() => {
    copy.textContent = said;
    copy.disabled = false;
  }, 2000);
}
