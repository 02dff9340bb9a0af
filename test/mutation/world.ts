import { createServer, createServerModuleRunner, type InlineConfig, type Plugin, type ViteDevServer } from 'vite';
import type { Checks } from './checks.js';

/** A file with a mutant in it, or a change of every final text that goes to WebGPU. */
export interface Planting {
  readonly file?: string | undefined;
  readonly text?: string | undefined;
  readonly wgsl?: ((text: string) => string) | undefined;
}

/** The checks that are needed. */
export interface ChecksOptions {
  readonly suite: boolean;
  readonly verification: boolean;
  readonly quick: boolean;
}

const root = new URL('../..', import.meta.url).pathname;

/** A server for module runners alone: nothing is watched, served or optimised. The tests find Vitest's interface in-process. */
const serverOptions = (plugin: Plugin): InlineConfig => ({
  configFile: false,
  root,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  oxc: { target: 'node20' }, // `using` is new
  resolve: { alias: { vitest: `${root}test/mutation/in-process-vitest.ts` } },
  plugins: [plugin],
});

/** Imports modules as Vite makes them; each runner has instances of its own. */
const runnerOf = ({ environments }: ViteDevServer) =>
  createServerModuleRunner(environments.ssr, { hmr: false, sourcemapInterceptor: false });

/** Makes the GPU of the tests: SwiftShader, which compiles a mutant's texts many times faster than Mesa's llvmpipe. */
async function findGpu(server: ViteDevServer): Promise<void> {
  const { nodeGpu } = await runnerOf(server).import<typeof import('../../src/node/index.js')>('/src/node/index.ts');
  const gpu = await nodeGpu({ adapter: 'SwiftShader' });
  if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
}

/** Loads the library and its checks again and again, with another mutant in it each time. */
export class World {
  readonly #server: ViteDevServer;
  readonly #planted: { planting: Planting };

  static async create(): Promise<World> {
    const planted = { planting: {} };
    const server = await createServer(serverOptions(pluginOf(planted)));
    await findGpu(server);
    await watchTexts(planted);
    return new World(server, planted);
  }

  private constructor(server: ViteDevServer, planted: { planting: Planting }) {
    this.#server = server;
    this.#planted = planted;
  }

  /** An instance of the library with a mutant in it, and its checks. */
  async plant(planting: Planting, options: ChecksOptions): Promise<Checks> {
    this.#forget(this.#planted.planting.file);
    this.#forget(planting.file);
    this.#planted.planting = planting;
    const { loadChecks } = await runnerOf(this.#server).import<typeof import('./checks.js')>(
      '/test/mutation/checks.ts',
    );
    return loadChecks(options);
  }

  /** Makes Vite read a file anew. */
  #forget(file: string | undefined): void {
    const { moduleGraph } = this.#server.environments.ssr;
    for (const [id, module] of moduleGraph.idToModuleMap) if (isFile(id, file)) moduleGraph.invalidateModule(module);
  }
}

const isFile = (id: string, file: string | undefined) => file !== undefined && id.split('?')[0].endsWith(`/${file}`);

/** Gives Vite the text with the mutant instead of the file's. */
function pluginOf(planted: { planting: Planting }): Plugin {
  return {
    name: 'mutant',
    enforce: 'pre',
    load(id) {
      const { file, text } = planted.planting;
      if (text === undefined || !isFile(id, file)) return undefined;
      return id.includes('.wgsl?raw') ? `export default ${JSON.stringify(text)}` : text;
    },
  };
}

/** Changes every final text on its way to WebGPU, if that is what is planted. */
async function watchTexts(planted: { planting: Planting }): Promise<void> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  if (!device) throw new Error('mutate: there is no GPU');
  const prototype = Object.getPrototypeOf(device) as GPUDevice;
  const { createShaderModule } = prototype;
  prototype.createShaderModule = function (this: GPUDevice, descriptor) {
    const { wgsl } = planted.planting;
    return createShaderModule.call(this, wgsl ? { ...descriptor, code: wgsl(descriptor.code) } : descriptor);
  };
  device.destroy();
}
