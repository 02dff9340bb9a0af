import { button, element, write } from '../../page/element.js';
import type { Page } from '../../page/page.js';

/** Note for a person who has left the lesson's data, about which alone it makes promises. */
const OTHER = 'This data set is not the lesson’s: “Back to the lesson’s settings” returns to that one.';

/** Shows the lesson: its question, the thing to try, the thing to see, and its link in the row of lessons. */
export function showLesson(page: Page): void {
  const show = () => {
    const { lesson } = page;
    document.body.dataset.lesson = lesson?.name ?? '';
    write('lesson-question', lesson?.question ?? 'Your own experiment');
    write('lesson-try', lesson?.try ?? 'Turn a knob, pin a copy of a run, or drop a CSV on the page.');
    const isOther = lesson && lesson.state.data !== page.state.data;
    write(
      'lesson-see',
      isOther ? OTHER : (lesson?.see ?? 'The curves of up to four runs that share data, seed and batches.'),
    );
    for (const link of element('lessons', HTMLElement).querySelectorAll('a')) {
      if (link.dataset.lesson === lesson?.name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    button('reset-lesson').hidden = !lesson;
  };
  page.on(['lesson', 'state'], show);
  show();
  // `location.hash` may hold a newer address that the page itself wrote.
  addEventListener('hashchange', (event) => {
    if (event instanceof HashChangeEvent) page.open(new URL(event.newURL).hash);
  });
  // No such event comes if a change has not been written to the address yet.
  element('lessons', HTMLElement).addEventListener('click', ({ target }) => {
    if (target instanceof HTMLAnchorElement && target.hash === location.hash) page.open(target.hash);
  });
  button('reset-lesson').addEventListener('click', () => page.open(`#lesson=${page.lesson?.name}`));
  const copy = button('copy-link');
  copy.addEventListener('click', async () => {
    const said = copy.textContent;
    copy.textContent = await navigator.clipboard.writeText(page.address()).then(
      () => 'Copied',
      () => 'It is in the address bar',
    );
    setTimeout(() => {
      copy.textContent = said;
    }, 2000);
  });
}
