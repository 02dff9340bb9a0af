import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { markup } from '../words/words.js';

const VIEWS = join(import.meta.dirname, '../views');
const PLACE = /^( *)<!-- view: (\w+) -->\n/gm;

/** Puts the markup of each view where the page, or another view, names it, and its words in their places. */
export function includeViews(): Plugin {
  return {
    name: 'include-views',
    transformIndexHtml: { order: 'pre', handler: (html) => withWords(withViews(html)) },
    configureServer: (server) => void server.watcher.add(VIEWS),
    handleHotUpdate: ({ file, server }) => {
      if (file.startsWith(VIEWS) && file.endsWith('.html')) server.ws.send({ type: 'full-reload' });
    },
  };
}

/** Returns a page in which each `<!-- view: name -->` is the markup of that view. @throws Error if there is no such view */
export function withViews(html: string): string {
  return html.replace(PLACE, (_, indent: string, name: string) => {
    const path = join(VIEWS, name, `${name}.html`);
    if (!existsSync(path)) throw new Error(`include-views: there is no view '${name}' at ${path}`);
    return withViews(readFileSync(path, 'utf8').replace(/^(?=.)/gm, indent));
  });
}

/** Returns markup in which each `{{view.name}}` is its words. @throws Error if there are no such words */
export function withWords(html: string): string {
  return html.replace(/\{\{(\w+)\.(\w+)\}\}/g, (_, view: string, name: string) => {
    const text = markup[view]?.[name];
    if (text === undefined) throw new Error(`include-views: there are no words '${view}.${name}' in demo/words`);
    return text;
  });
}
