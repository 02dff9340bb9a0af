import { element } from '../../page/element.js';
import type { Page } from '../../page/page.js';
import { banners as words } from '../../words/words.js';

/** Shows notices and errors until they are over or a person closes them. */
export function showBanners(page: Page): void {
  const show = (id: 'notice' | 'problem', text: string) => {
    const banner = element(id, HTMLElement);
    banner.textContent = text;
    if (banner.parentElement) banner.parentElement.hidden = text === '';
  };
  const notice = () => {
    const notes = page.notes.length ? [words.partOfAddress, ...page.notes] : [];
    show('notice', [...notes, page.facts.notice ?? ''].filter(Boolean).join('\n'));
  };
  page.on(['notice', 'lesson'], notice);
  page.on('problem', () => show('problem', page.facts.problem ?? ''));
  element('banners', HTMLElement).addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement) || !target.parentElement) return;
    target.parentElement.hidden = true;
    if (!target.parentElement.contains(element('notice', HTMLElement))) return;
    page.notes = [];
    Object.assign(page.facts, { notice: '' });
  });
  notice();
}
