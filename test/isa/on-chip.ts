import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, globals } from 'webgpu';
import { GpuEngine } from '../../src/gpu/engine.js';
import { createEngine } from '../../src/index.js';
import type { ChipReport } from './chip-report.js';
import { layoutFor } from './layout-for.js';
import type { Tile } from './product-loop.js';
import { renderTexts } from './render-texts.js';
import type { Text } from './texts.js';

/** Dawn must not be collected while a device is in use. */
const gpu = (() => {
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value });
  return create(['backend=vulkan']);
})();

/** Features that texts from elsewhere may ask for. */
const FEATURES = ['subgroups', 'subgroup-size-control', 'shader-f16'];
const LIMITS = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const;

/** Returns the engine that a page would get on this chip. */
async function openEngine(): Promise<GpuEngine> {
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('Dawn finds no adapter');
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter((name): name is GPUFeatureName => adapter.features.has(name)),
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const engine = await createEngine({ device });
  if (!(engine instanceof GpuEngine)) throw new Error('createEngine gives no engine on WebGPU');
  return engine;
}

/** Returns the WGSL files of a folder; the line `// tile: ROWS x COLUMNS x STEPS` of a product says how to count its loop. */
function readTexts(folder: string): Text[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.wgsl'));
  return files.sort().map((file): Text => {
    const name = file.slice(0, -'.wgsl'.length);
    const wgsl = readFileSync(join(folder, file), 'utf8');
    const tile = /^\/\/ tile: (\d+) x (\d+) x (\d+)/m.exec(wgsl)?.slice(1).map(Number);
    return {
      name,
      heading: 'texts',
      title: name,
      wgsl,
      chosen: true,
      ...(tile && { tile: tile as [number, number] as Tile }),
    };
  });
}

/**
 * Returns a text as it runs in whole tiles of k, if it treats the last one apart: comparisons of `... + DEPTH` with `dims.k`
 * hold, but not in the head of a loop. What is counted is what runs.
 */
function inWholeTiles(wgsl: string): string {
  const isWhole = /(?:\([^()\n]*\)|\w+) \+ [A-Z][A-Z_0-9]* <=? dims\.k\b/g;
  return wgsl.replace(/^.*$/gm, (line) => (/\b(?:for|while) \(/.test(line) ? line : line.replace(isWhole, 'true')));
}

/** Compiles a text; the Vulkan layer writes what the driver makes of it. Returns why it does not compile, if it does not. */
async function compile(device: GPUDevice, folder: string, name: string, wgsl: string): Promise<string | undefined> {
  writeFileSync(join(folder, 'current'), name);
  const kinds = ['validation', 'internal', 'out-of-memory'] as const;
  for (const kind of kinds) device.pushErrorScope(kind);
  const module = device.createShaderModule({ label: name, code: wgsl });
  let message: string | undefined;
  try {
    device.createComputePipeline({ label: name, layout: layoutFor(device, wgsl), compute: { module } });
  } catch (error) {
    message = String(error);
  }
  for (const _ of kinds) {
    const error = await device.popErrorScope();
    message ??= error?.message;
  }
  return message;
}

/** Compiles all texts on the chip that the environment names, into the first folder: those of the second, or the project's. */
export async function main([out, texts]: readonly string[]): Promise<number> {
  mkdirSync(out, { recursive: true });
  const engine = await openEngine();
  const { device } = engine;
  const { vendor, architecture, description } = device.adapterInfo;
  const all = texts === undefined ? renderTexts({ ...engine.traits, software: false }) : readTexts(texts);
  const errors: Record<string, string> = {};
  for (const { name, wgsl } of all) {
    writeFileSync(join(out, `${name}.wgsl`), wgsl);
    const error = await compile(device, out, name, wgsl);
    if (error !== undefined) errors[name] = error;
    const whole = inWholeTiles(wgsl);
    if (error === undefined && whole !== wgsl) await compile(device, out, `${name}.whole`, whole);
  }
  const { software } = engine.info;
  const report: ChipReport = { vendor, architecture, description, software, errors, texts: all };
  writeFileSync(join(out, 'chip.json'), JSON.stringify(report));
  return 0;
}

process.exit(await main(process.argv.slice(2)));
