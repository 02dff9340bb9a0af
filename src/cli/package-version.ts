import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Returns the version of this package. */
export function packageVersion(): string {
  // The package's own name works from the source and from dist, which lie at different depths.
  const { version }: { version: string } = require('wgrad/package.json');
  return version;
}

/** Returns the names and versions of what offers WebGPU here: Node and Dawn. */
export function webgpuHost(): string {
  const { version }: { version: string } = require('webgpu/package.json');
  return `Node ${process.versions.node}, Dawn (npm package webgpu ${version})`;
}
