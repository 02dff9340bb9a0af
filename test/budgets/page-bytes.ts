import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** The scripts of a bundled page, minified: those that it loads at once, and those that it loads later, by name. */
export interface BundledPage {
  readonly initial: string[];
  readonly onDemand: ReadonlyMap<string, string>;
}

/** Bundles a page with this script in a new folder, as a user's Vite does. */
export async function bundlePage(
  root: string,
  script: string,
  alias: Record<string, string> = {},
): Promise<BundledPage> {
  mkdirSync(root);
  writeFileSync(join(root, 'main.js'), script);
  writeFileSync(join(root, 'index.html'), '<script type="module" src="./main.js"></script>');
  const result = await build({
    root,
    logLevel: 'silent',
    configFile: false,
    resolve: { alias },
    build: { write: false },
  });
  if (!('output' in result)) throw new Error('bundlePage: expected one bundle');
  const chunks = result.output.filter((file) => file.type === 'chunk');
  const initial = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of initial) for (const each of chunks) if (imports.includes(each.fileName)) initial.add(each);
  const onDemand = chunks.filter((each) => !initial.has(each));
  return {
    initial: [...initial].map(({ code }) => code),
    onDemand: new Map(onDemand.map(({ name, code }) => [name, code])),
  };
}

/** Returns the bytes of scripts as a server with gzip sends them. */
export const gzipped = (scripts: Iterable<string>) =>
  [...scripts].reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0);

/** A page that trains with one loss and one optimiser. */
export const TRAINER_PAGE = `
import { createEngine, createTrainer, dataset, dense, dropout, l2, relu, sequential, sgd, softmaxCrossEntropy } from 'wgrad';
async function main() {
  const train = dataset({ x: images, y: labels, features: 784 });
  const model = sequential([dense(128), relu(), dropout(0.2), dense(10)]);
  const trainer = await createTrainer(await createEngine(), model, {
    input: [784], batchSize: 64, loss: softmaxCrossEntropy(), regularizer: l2(1e-5), optimizer: sgd(),
  });
  for await (const epoch of trainer.fit(train, { epochs: 3 })) console.log(epoch);
}
main();`;

/** Scripts that a page loads on demand before its first step, by the class of its device. */
const BEFORE_FIRST_STEP = { gpu: ['gpu-products'], software: ['software-products'] };

/** Returns the gzipped bytes that such a page loads, with the library in `dist`, before its first step on a GPU and on a software adapter. */
export async function trainerBytes(root: string): Promise<{ gpu: number; software: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'wgrad-page-'));
  try {
    const alias = { wgrad: join(root, 'dist/index.js') };
    const { initial, onDemand } = await bundlePage(join(folder, 'page'), TRAINER_PAGE, alias);
    const bytesWith = (names: readonly string[]) =>
      gzipped([
        ...initial,
        ...names.map((name) => {
          const script = onDemand.get(name);
          if (script === undefined) throw new Error(`the page has no script ${name}`);
          return script;
        }),
      ]);
    return { gpu: bytesWith(BEFORE_FIRST_STEP.gpu), software: bytesWith(BEFORE_FIRST_STEP.software) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the gzipped bytes of JavaScript of the built demo page: those that it loads before a first step on a GPU, and all. */
export function demoBytes(root: string): { first: number; all: number } {
  const folder = join(root, 'dist-demo/assets');
  const scripts = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const html = readFileSync(join(root, 'dist-demo/index.html'), 'utf8');
  const products = [...scripts.keys()].filter((name) => BEFORE_FIRST_STEP.gpu.some((each) => name.startsWith(each)));
  const first = [...firstScripts(scripts, html), ...products];
  return { first: gzipped(first.map((name) => scripts.get(name) ?? '')), all: gzipped(scripts.values()) };
}

type Scripts = ReadonlyMap<string, string>;

/** Returns the names of the page's script, of its worker's, and of all that they import before they run. */
function firstScripts(scripts: Scripts, html: string): Set<string> {
  const [, entry] = html.match(/<script type="module"[^>]*src="\.\/assets\/([^"]+)"/) ?? [];
  const first = withImports(scripts, entry);
  const code = [...first].map((name) => scripts.get(name)).join('\n');
  const [, worker] = code.match(/new URL\([^)]*?([\w-]+\.js)/) ?? [];
  for (const name of [entry, worker]) if (!scripts.has(name)) throw new Error(`dist-demo has no script ${name}`);
  return new Set([...first, ...withImports(scripts, worker)]);
}

function withImports(scripts: Scripts, name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of (scripts.get(name) ?? '').matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g))
    withImports(scripts, other, found);
  return found;
}
