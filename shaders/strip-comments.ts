import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** WGSL without its comments, and without the lines that hold nothing else; what is left keeps its lines and its indentation. */
export function stripComments(wgsl: string): string {
  return wgsl.replace(/^[ \t]*\/\/.*\n?/gm, '').replace(/[ \t]*\/\/.*$/gm, '');
}

/** A Vite plugin: `*.wgsl?raw` is the shader without comments, which are a third of what a page would load. */
export function strippedShaders(): Plugin {
  return {
    name: 'stripped-shaders',
    enforce: 'pre',
    async load(id) {
      const [file, query] = id.split('?');
      if (query !== 'raw' || !file.endsWith('.wgsl')) return undefined;
      this.addWatchFile(file);
      return `export default ${JSON.stringify(stripComments(await readFile(file, 'utf8')))}`;
    },
  };
}
