import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Every page of documentation that is written by hand, as a path from the root. */
export const PAGES: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((name) => normalize(join('docs', name)).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && !name.startsWith('docs/bench/'))
    .sort(),
];

export const textOf = (path: string): string => readFileSync(path, 'utf8');

/** The text without code, in which `[x](y)` is a link and `#` a heading. */
export const proseOf = (path: string): string => textOf(path).replace(/^```[\s\S]*?^```$/gm, '');

/** A block of code and the heading above it. */
export interface CodeBlock {
  readonly page: string;
  readonly heading: string;
  readonly code: string;
}

/** Returns the blocks of `language` in a page. */
export function codeBlocks(page: string, language: string): CodeBlock[] {
  const text = textOf(page);
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(({ 1: code, index }) => {
    const heading = [...text.slice(0, index).matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? '';
    return { page, heading, code };
  });
}

/** A relative link: the file it leads to from the root, and the anchor, if it has one. */
export interface Link {
  readonly file: string;
  readonly anchor: string | undefined;
}

/** Returns the relative links and pictures of a page. */
export function linksOf(page: string): Link[] {
  return [...proseOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, file, anchor]) => ({
    file: file ? normalize(join(dirname(page), file)) : page,
    anchor,
  }));
}

/** Returns the anchors that a page's headings have, by the rule of GitHub. */
export function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
