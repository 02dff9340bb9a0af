import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version of this package. */
export function packageVersion(): string {
  // By the package's own name: source and bundle lie at different depths.
  const { version }: { version: string } = require('wgrad/package.json');
  return version;
}

/** What offers WebGPU here: Node, and Dawn in the version of its npm package. */
export function webgpuHost(): string {
  const { version }: { version: string } = require('webgpu/package.json');
  return `Node ${process.versions.node}, Dawn (npm package webgpu ${version})`;
}
