import { createRequire } from 'node:module';

/** The version of this package. */
export function packageVersion(): string {
  // By the package's own name: source and bundle lie at different depths.
  const { version }: { version: string } = createRequire(import.meta.url)('wgrad/package.json');
  return version;
}
