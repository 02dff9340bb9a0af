import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { packageVersion } from '../../src/cli/environment.js';

/** The machine and the command behind the figures. */
export interface Environment {
  readonly date: string;
  readonly command: string;
  readonly cpu: string;
  /** Over 1, 5 and 15 minutes, before and after. */
  readonly load: readonly [before: readonly number[], after: readonly number[]];
  readonly versions: Readonly<Record<string, string>>;
}

const require = createRequire(import.meta.url);

/** Returns the version of a package, also of one that does not export its package.json, or 'not installed'. */
function versionOf(name: string): string {
  const entry = entryOf(name);
  if (entry === undefined) return 'not installed';
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const found: { name?: string; version?: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (found.name === name && found.version) return found.version;
    } catch {
      // not here
    }
  }
  throw new Error(`bench: ${name} has no package.json`);
}

function entryOf(name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/** Notes what the machine is and does now; call the result when everything has been measured. */
export function noteEnvironment(args: readonly string[]): () => Environment {
  const before = loadavg();
  const date = new Date().toISOString().replace(/\.\d+/, '');
  const [{ model } = { model: 'unknown CPU' }] = cpus();
  return () => ({
    date,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    cpu: `${cpus().length} x ${model}`,
    load: [before, loadavg()],
    versions: {
      wgrad: packageVersion(),
      ...Object.fromEntries(['@tensorflow/tfjs', '@jax-js/jax', 'webgpu'].map((name) => [name, versionOf(name)])),
    },
  });
}
