import { posix } from 'node:path';

/** Imports of a text by their specifiers, types and dynamic imports included. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^'?]+)\.js'/g;

/** Returns the modules that each module imports. */
function importsOf(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...files].map(([path, text]) => [
      path,
      [...text.matchAll(IMPORT)].map(([, name]) => posix.join(posix.dirname(path), `${name}.ts`)),
    ]),
  );
}

/** Returns the groups of modules that import each other in a circle. Source: Tarjan (1972). */
export function circlesOf(files: ReadonlyMap<string, string>): string[][] {
  const graph = importsOf(files);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (module: string): number => {
    const index = order.size;
    order.set(module, index);
    lowest.set(module, index);
    stack.push(module);
    for (const other of graph.get(module) ?? []) {
      const reached = order.has(other) ? (stack.includes(other) ? order.get(other) : undefined) : visit(other);
      lowest.set(module, Math.min(lowest.get(module) ?? index, reached ?? index));
    }
    const low = lowest.get(module) ?? index;
    if (low === index) {
      const group = stack.splice(stack.indexOf(module));
      if (group.length > 1 || graph.get(module)?.includes(module)) circles.push(group.sort());
    }
    return low;
  };
  for (const module of graph.keys()) if (!order.has(module)) visit(module);
  return circles;
}
