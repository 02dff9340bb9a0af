import { fileURLToPath } from 'node:url';

/** What Rolldown tells of a module. */
interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** The worker's entry. */
const ENTRY = fileURLToPath(new URL('../worker/main.ts', import.meta.url));

/**
 * What puts everything that the worker loads at first into one chunk. Otherwise what is shared with something that is loaded
 * later becomes a chunk of its own, each packed by itself: a tenth more to load, in a dozen requests.
 */
export function oneChunk() {
  let first: Set<string> | undefined;
  return {
    includeDependenciesRecursively: false,
    groups: [
      {
        name(id: string, modules: Modules) {
          first ??= reachable(ENTRY, modules);
          return id !== ENTRY && first.has(id) ? 'engine' : null;
        },
      },
    ],
  };
}

/** A module and all that it imports before it runs. */
function reachable(id: string, modules: Modules, found = new Set<string>()): Set<string> {
  if (found.has(id)) return found;
  found.add(id);
  for (const other of modules.getModuleInfo(id)?.importedIds ?? []) reachable(other, modules, found);
  return found;
}
