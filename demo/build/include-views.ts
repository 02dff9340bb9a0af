import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const VIEWS = join(import.meta.dirname, '../views');
const PLACE = /^( *)<!-- view: (\w+) -->\n/gm;

/** Puts the markup of each view where the page, or another view, names it. */
export function includeViews(): Plugin {
  return {
    name: 'include-views',
    transformIndexHtml: { order: 'pre', handler: (html) => withViews(html) },
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
