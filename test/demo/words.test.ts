import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { withViews, withWords } from '../../demo/build/include-views.js';
import { markup } from '../../demo/words/words.js';

const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);

/** Attributes that a person reads or hears. */
const SPOKEN = /\b(?:title|aria-label|data-none|data-drop|aria-valuetext|placeholder|alt)="([^"{}]*\p{L}[^"{}]*)"/gu;

test('the markup has no words of its own', () => {
  const found = ['demo/index.html', ...filesIn('demo/views', '.html')].flatMap((path) => {
    const html = readFileSync(path, 'utf8').replace(/<!--.*?-->/gs, '');
    const texts = [...html.replace(/<[^>]*>/g, '\n').matchAll(/.+/g)].map(([text]) => text.replace(/\{\{.*?\}\}/g, ''));
    const spoken = [...html.matchAll(SPOKEN)].map(([, text]) => text);
    return [...texts, ...spoken].filter((text) => /\p{L}/u.test(text)).map((text) => `${path}: ${text.trim()}`);
  });
  expect(found).toEqual([]);
});

/** Texts that are no words of the page: names of events and keys, selectors. */
const isTechnical = (text: string) =>
  /^[\w./:#?=&[\]()*+>~"'{}$^-]*$/.test(text) || // one token
  /^[#.[:*]|^[a-z]+[.[#:>,]|^[a-z]+ (?:[a-z]+)?[.[#]|\[.*\]$|^[MLZ0-9 ]+$/.test(text) || // a selector
  /sans-serif|^(?:use strict|uncertain \w+|stop \w+|export search|lose device|stopped early|holds in part)$|^calc/.test(
    text,
  );

/** Returns true for a query of the style sheet. */
const isMedia = (node: ts.Node) => ts.isCallExpression(node) && node.expression.getText() === 'matchMedia';

/** Returns true for an error that is made: a visitor may read its message. */
const isError = (node: ts.Node) => ts.isNewExpression(node) && /Error$/.test(node.expression.getText());

/** Returns the texts in a script that look like words for people; in the message of an error all letters do. */
function wordsIn(path: string, script = readFileSync(path, 'utf8')): string[] {
  const found: string[] = [];
  let errors = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || isMedia(node) || ts.isLiteralTypeNode(node)) return;
    errors += Number(isError(node));
    const text =
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
        ? node.text
        : '';
    const isRead = /\p{L}{2}.* |^\p{Lu}\p{Ll}+[ .!?…]|[.!?…]$| \p{L}{2}/u.test(text) && !isTechnical(text.trim());
    if (isRead || (errors > 0 && /\p{L}/u.test(text))) found.push(`${path}: ${text}`);
    ts.forEachChild(node, visit);
    errors -= Number(isError(node));
  };
  visit(ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true));
  return found;
}

test('the scripts of the page have no words of their own', () => {
  const scripts = ['views', 'page', 'contract', 'worker'].flatMap((room) => filesIn(`demo/${room}`, '.ts'));
  const others = [
    'demo/worker/exports/code.ts', // the text of a program
    'demo/page/element.ts', // its errors say that script and markup disagree, which no visitor can cause
  ];
  expect(scripts.filter((path) => !others.includes(path)).flatMap((path) => wordsIn(path))).toEqual([]);
});

test.for([
  ["throw new Error('diverged');", 'diverged'],
  ['reject(new RangeError(`${name} is ${value}`));', ' is '],
  ["throw new Error(words.diverged, { cause: new Error('too large') });", 'too large'],
])('the words of an error are found: %s', ([script, words]) => {
  expect(wordsIn('some.ts', script)).toEqual([`some.ts: ${words}`]);
  expect(wordsIn('some.ts', "throw new Error(`${name}: ${words.lost(1)}`); listen('change');")).toEqual([]);
});

test('every place in the markup has its words, and every word its place', () => {
  const html = withViews(readFileSync('demo/index.html', 'utf8'));
  expect(withWords(html)).not.toContain('{{');
  const named = new Set([...html.matchAll(/\{\{(.*?)\}\}/g)].map(([, name]) => name));
  const known = Object.entries(markup).flatMap(([view, words]) => Object.keys(words).map((name) => `${view}.${name}`));
  expect(known.filter((name) => !named.has(name))).toEqual([]);
  expect(() => withWords('{{lesson.nothing}}')).toThrow("include-views: there are no words 'lesson.nothing'");
});
