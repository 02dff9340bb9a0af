import { banners as words } from '../words/words.js';
import type { Page } from './page.js';

/** Downloads a file. */
export function save(name: string, type: string, content: BlobPart): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Downloads the files that the worker made. */
export function saveAll(page: Page): void {
  for (const { name, type, bytes } of page.facts.files ?? []) save(name, type, bytes);
}

/** Sends files to the worker, which recognises their formats. */
export async function open(page: Page, files: Iterable<File>): Promise<void> {
  const read: { name: string; bytes: ArrayBuffer }[] = [];
  for (const file of files) {
    try {
      read.push({ name: file.name, bytes: await file.arrayBuffer() });
    } catch {
      return page.complain(words.unreadable(file.name));
    }
  }
  if (read.length) {
    page.tell(
      { kind: 'open', files: read },
      read.map(({ bytes }) => bytes),
    );
  }
}
