import { button, input } from './element.js';
import type { Page } from './page.js';

const files = () => import('./files.js');

/** Opens files that a person chooses or drops anywhere, and saves files that the worker makes. */
export function listenForFiles(page: Page): void {
  const chosen = input('file');
  button('open').addEventListener('click', () => chosen.click());
  chosen.addEventListener('change', async () => {
    const list = [...(chosen.files ?? [])];
    chosen.value = '';
    await (await files()).open(page, list);
  });
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget) document.body.classList.remove('dropping');
  });
  document.addEventListener('drop', async (event) => {
    document.body.classList.remove('dropping');
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    event.preventDefault();
    await (await files()).open(page, dropped);
  });
  page.on('files', async () => (await files()).saveAll(page));
}
