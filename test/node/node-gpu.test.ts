import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { nodeGpu } from '../../src/node/index.js';

test('has an adapter, and is one object a process', async () => {
  const gpu = await nodeGpu();
  expect(await gpu.requestAdapter()).not.toBeNull();
  expect(await nodeGpu({})).toBe(gpu);
  expect(await Promise.all([nodeGpu(), nodeGpu()])).toEqual([gpu, gpu]);
});

test('defines the globals of WebGPU', () => {
  expect(GPUBufferUsage.STORAGE).toBe(128);
  expect(GPUMapMode.READ).toBe(1);
  expect(typeof GPUDevice).toBe('function');
});

test.each([
  [{ adaptor: 'x' }, TypeError, "nodeGpu: unknown option 'adaptor', did you mean 'adapter'?; known: adapter, spin"],
  [{ adapter: '' }, TypeError, 'nodeGpu: adapter must be part of an adapter\'s name, got ""'],
  [{ spin: 1 }, TypeError, 'nodeGpu: spin must be true or false, got 1'],
  [{ adapter: 7 }, TypeError, "nodeGpu: adapter must be part of an adapter's name, got 7"],
])('refuses %j', async (options, type, message) => {
  const error = await nodeGpu(options as Parameters<typeof nodeGpu>[0]).catch((each: Error) => each);
  expect(error).toBeInstanceOf(type);
  expect((error as Error).message).toBe(message);
});

test('an unknown adapter is refused with the names there are', async () => {
  const error = await nodeGpu({ adapter: 'voodoo' }).catch((each: Error) => each);
  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toMatch(/^nodeGpu: no adapter's name contains 'voodoo'; there is '.+'$/);
});

/** Returns what a script prints in a process of its own, on a machine without a driver. */
async function withoutDriver(script: string, ...flags: string[]): Promise<string> {
  const env = { ...process.env, VK_DRIVER_FILES: '/nonexistent.json', VK_ICD_FILENAMES: '/nonexistent.json' };
  const text = `import { nodeGpu } from ${JSON.stringify(resolve('dist/node.js'))};\n${script}`;
  const args = [...flags, '--input-type=module', '--eval', text];
  return (await promisify(execFile)(process.execPath, args, { env })).stdout;
}

const describeAdapter = `
  const adapter = await gpu.requestAdapter();
  console.log(adapter.info.vendor, adapter.info.architecture);`;

test.runIf(process.platform === 'linux')('falls back to the software GPU from npm', async () => {
  expect(await withoutDriver(`const gpu = await nodeGpu(); ${describeAdapter}`)).toBe('google swiftshader\n');
  const named = await withoutDriver(`const gpu = await nodeGpu({ adapter: 'SwiftShader' }); ${describeAdapter}`);
  expect(named).toBe('google swiftshader\n');
});

test.runIf(process.platform === 'linux')('survives garbage collection while a device is alive', async () => {
  const script = `
    const device = await (await (await nodeGpu()).requestAdapter()).requestDevice();
    for (let i = 0; i < 5; i++) { globalThis.gc(); await new Promise((done) => setTimeout(done, 10)); }
    device.destroy();
    console.log('alive');`;
  expect(await withoutDriver(script, '--expose-gc')).toBe('alive\n');
});

const worker = `
  const { Worker } = await import('node:worker_threads');
  const text = \`import('${resolve('dist/node.js')}')
    .then(({ nodeGpu }) => nodeGpu())
    .then(() => console.log('found'), (error) => console.log(error.kind, error.message))\`;
  await new Promise((done) => new Worker(text, { eval: true }).on('exit', done));`;

test.runIf(process.platform === 'linux')(
  'a worker thread finds it after the main thread, or says what to do',
  async () => {
    const message = await withoutDriver(worker);
    expect(message).toMatch(
      /^unsupported wgrad\/node: Dawn finds no GPU\. Call nodeGpu\(\) once on the main thread before workers do, or start the process with VK_DRIVER_FILES=\S+\.json LD_LIBRARY_PATH=\S+\n$/,
    );
    expect(await withoutDriver(`await nodeGpu(); ${worker}`)).toBe('found\n');
  },
);
