import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const ENTRY = new URL('../../dist/index.js', import.meta.url);

/**
 * Imports from 'wgrad' become imports of the modules that its entry re-exports. Rolldown puts all that can be reached through
 * an entry into the chunk that imports it first, so that `import('./verify.js')` alone would load nothing later.
 */
export function directImports(): Plugin {
  let modules: ReadonlyMap<string, string> | undefined;
  return {
    name: 'direct-imports',
    apply: 'build',
    transform(code, id) {
      if (!id.includes('/demo/') || !code.includes('wgrad')) return null;
      modules ??= modulesOf(readFileSync(ENTRY, 'utf8'));
      const known = modules;
      return code.replace(/(import|export)\s*\{([^}]*)\}\s*from\s*["']wgrad["']/g, (_, verb: string, names: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean)
          .map((name) => `${verb} { ${name} } from ${JSON.stringify(moduleOf(known, name))}`)
          .join('; '),
      );
    },
  };
}

/** Which module of the built library each of its exports comes from. */
function modulesOf(entry: string): ReadonlyMap<string, string> {
  const imports = [...entry.matchAll(/import \{([^}]*)\} from "([^"]+)"/g)];
  return new Map(
    imports.flatMap(([, names, from]) =>
      names.split(',').map((name) => [name.trim(), fileURLToPath(new URL(from, ENTRY))] as const),
    ),
  );
}

function moduleOf(modules: ReadonlyMap<string, string>, name: string): string {
  const found = modules.get(name.split(/\s+as\s+/)[0]);
  if (found === undefined)
    throw new Error(`direct-imports: wgrad does not export ${name}; known: ${[...modules.keys()].join(', ')}`);
  return found;
}
