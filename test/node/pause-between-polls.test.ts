import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { nodeGpu } from '../../src/node/index.js';
import { pauseBetweenPolls } from '../../src/node/pause-between-polls.js';

async function openDevice(options?: { spin: boolean }): Promise<GPUDevice> {
  const adapter = await (await nodeGpu(options)).requestAdapter();
  if (!adapter) throw new Error('no adapter');
  return adapter.requestDevice();
}

/** Gives the device work for 50 ms or more and returns how busy the event loop was meanwhile, from 0 to 1. */
async function busyWhileWaiting(device: GPUDevice): Promise<number> {
  const buffer = device.createBuffer({ size: 1 << 18, usage: GPUBufferUsage.STORAGE });
  const code = `
    @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      var sum = 0.0;
      for (var k = 0u; k < 100u; k++) { sum += sin(f32(k + id.x)); }
      x[id.x] = sum;
    }`;
  const compute = { module: device.createShaderModule({ code }) };
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
  const entries = [{ binding: 0, resource: { buffer } }];
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  for (let dispatches = 1; ; dispatches *= 4) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < dispatches; i++) pass.dispatchWorkgroups(1 << 10);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const before = performance.eventLoopUtilization();
    const start = performance.now();
    await device.queue.onSubmittedWorkDone();
    if (performance.now() - start > 50) return performance.eventLoopUtilization(before).utilization;
  }
}

test('the event loop sleeps while the GPU works, unless told to spin', { retry: 2 }, async () => {
  const [device, spinning] = [await openDevice(), await openDevice({ spin: true })];
  expect(await busyWhileWaiting(device)).toBeLessThan(0.5);
  expect(await busyWhileWaiting(spinning)).toBeGreaterThan(0.9);
  device.destroy();
  spinning.destroy();
});

test('spin: another GPU object, untouched', async () => {
  const gpu = await nodeGpu({ spin: true });
  expect(gpu).not.toBe(await nodeGpu());
  expect(await nodeGpu({ spin: true })).toBe(gpu);
  expect(Object.hasOwn(gpu, 'requestAdapter')).toBe(false);
});

test('setImmediate is as it was: after each call, while a promise is pending, when it has settled', async () => {
  const original = globalThis.setImmediate;
  const device = await openDevice();
  const pending = busyWhileWaiting(device);
  expect(globalThis.setImmediate).toBe(original);
  const seen = await new Promise((done) => setTimeout(() => done(globalThis.setImmediate), 5));
  expect(seen).toBe(original);
  await pending;
  device.pushErrorScope('validation');
  await device.popErrorScope().then(() => expect(globalThis.setImmediate).toBe(original));
  device.destroy();
});

test('a listener that Dawn calls sets and clears its own immediates', async () => {
  const device = await openDevice();
  const ran: string[] = [];
  const heard = new Promise<void>((done) => {
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      clearImmediate(setImmediate(() => ran.push('cleared')));
      setImmediate((name: string) => {
        ran.push(name);
        done();
      }, 'with an argument');
    });
  });
  device.createBuffer({ size: 4, usage: 0 });
  await device.queue.onSubmittedWorkDone();
  await heard;
  expect(ran).toEqual(['with an argument']);
  device.destroy();
});

/** A stand-in for Dawn: `requestAdapter` settles after `ms`, and polls until then as Dawn does. */
function pollingGpu(ms: number): { gpu: GPU; polls: number[] } {
  const polls: number[] = [];
  const requestAdapter = () =>
    new Promise<null>((done) => {
      const start = performance.now();
      const arm = () => {
        const poll = () => {
          const time = performance.now() - start;
          polls.push(time);
          if (time < ms) arm();
          else done(null);
        };
        setImmediate(Object.defineProperty(poll.bind(undefined), 'name', { value: '' })); // looks native
      };
      arm();
    });
  return { gpu: { requestAdapter } as Pick<GPU, 'requestAdapter'> as GPU, polls };
}

test('polls without pause for a millisecond, then once a millisecond', async () => {
  const { gpu, polls } = pollingGpu(200);
  pauseBetweenPolls(gpu);
  await gpu.requestAdapter();
  const late = polls.filter((time) => time > 5);
  expect(late.length).toBeGreaterThan(1);
  expect(late.length).toBeLessThanOrEqual(200);
});

test('a call that waits ends the pause', async () => {
  const { gpu, polls } = pollingGpu(20);
  pauseBetweenPolls(gpu);
  const first = gpu.requestAdapter();
  await new Promise((done) => setTimeout(done, 5));
  const before = polls.length;
  const second = gpu.requestAdapter();
  await new Promise(setImmediate); // a turn of the loop
  expect(polls.length).toBeGreaterThan(before);
  await Promise.all([first, second]);
});

test('a call that throws leaves setImmediate as it was', async () => {
  const original = globalThis.setImmediate;
  const requestAdapter = () => {
    throw new Error('no');
  };
  const gpu = { requestAdapter } as Pick<GPU, 'requestAdapter'> as GPU;
  pauseBetweenPolls(gpu);
  await expect(gpu.requestAdapter()).rejects.toThrow('no');
  expect(globalThis.setImmediate).toBe(original);
});
