import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { anchorsOf, linksOf, PAGES, proseOf, textOf } from './markdown.js';

const { scripts, files } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string>; files: string[] };

describe.each(PAGES)('%s', (page) => {
  test('links to files and headings that exist', () => {
    const missing = linksOf(page).filter(
      ({ file, anchor }) => !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor)),
    );
    expect(missing).toEqual([]);
  });

  test('has no heading twice', () => {
    const anchors = page === 'CHANGELOG.md' ? [] : anchorsOf(page); // every version has the same ones
    expect(anchors).toEqual([...new Set(anchors)]);
  });

  test('names paths and scripts that exist', () => {
    const named = [...proseOf(page).matchAll(/`((?:src|shaders|test|demo|docs|\.ci)\/[\w./-]*)`/g)].map(
      ([, path]) => path,
    );
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
    const called = [...textOf(page).matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script]) => script);
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('links only to what the package holds', () => {
    const inPackage = (file: string) =>
      ['README.md', 'LICENSE', 'package.json'].includes(file) ||
      files.some((entry) => file === entry || file.startsWith(`${entry}/`));
    if (!inPackage(page)) return;
    expect(linksOf(page).filter(({ file }) => !inPackage(file))).toEqual([]);
  });
});

test('every page of docs is reachable from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) for (const { file } of linksOf(page)) if (PAGES.includes(file)) reached.add(file);
  expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
});
