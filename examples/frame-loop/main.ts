// Your own device and frame loop: a pass of yours writes inputs, the model's passes follow, and a pass of yours draws from
// its outputs. All of them are in one command encoder.
import {
  adam,
  binaryCrossEntropy,
  createEngine,
  createTrainer,
  dataset,
  dense,
  l2,
  loadModel,
  sequential,
  tanh,
} from 'wgrad';
import shaders from './passes.wgsl?raw';

const adapter = await navigator.gpu.requestAdapter();
if (!adapter) throw new Error('This browser offers no WebGPU adapter');
const device = await adapter.requestDevice();
const engine = await createEngine({ device }); // it stays yours

const canvas = document.querySelector('canvas') as HTMLCanvasElement;
const output = document.querySelector('output') as HTMLOutputElement;
const context = canvas.getContext('webgpu') as GPUCanvasContext;
const format = navigator.gpu.getPreferredCanvasFormat();
context.configure({ device, format });

const pixels = canvas.width * canvas.height;
const model = await loadModel(engine, await trainOnSpirals(), { batchSize: pixels }); // all in one part
const x = device.createBuffer({ size: pixels * model.features * 4, usage: GPUBufferUsage.STORAGE });
const logits = device.createBuffer({ size: pixels * model.outputs * 4, usage: GPUBufferUsage.STORAGE });
const frameUniform = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });

const module = device.createShaderModule({ code: shaders });
const places = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'write_places' } });
const colours = device.createRenderPipeline({
  layout: 'auto',
  vertex: { module, entryPoint: 'cover' },
  fragment: { module, entryPoint: 'colour', targets: [{ format }] },
});
const bind = (pipeline: GPUComputePipeline | GPURenderPipeline, buffer: GPUBuffer, binding: number) =>
  device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: frameUniform } },
      { binding, resource: { buffer } },
    ],
  });
const placesGroup = bind(places, x, 1);
const coloursGroup = bind(colours, logits, 2);

let frames = 0;
requestAnimationFrame(function frame(milliseconds) {
  device.queue.writeBuffer(frameUniform, 0, Float32Array.of(canvas.width, canvas.height, milliseconds / 2000, 0));
  const encoder = device.createCommandEncoder();

  const writePlaces = encoder.beginComputePass();
  writePlaces.setPipeline(places);
  writePlaces.setBindGroup(0, placesGroup);
  writePlaces.dispatchWorkgroups(Math.ceil(pixels / 64));
  writePlaces.end();

  model.encode(encoder, x, logits); // [pixels, 2] -> [pixels, 1]

  const draw = encoder.beginRenderPass({
    colorAttachments: [{ view: context.getCurrentTexture().createView(), loadOp: 'clear', storeOp: 'store' }],
  });
  draw.setPipeline(colours);
  draw.setBindGroup(0, coloursGroup);
  draw.draw(3);
  draw.end();

  device.queue.submit([encoder.finish()]);
  output.value = `frame ${++frames}`;
  // Wait for the GPU, so that a slow one is not given frames faster than it draws them.
  void device.queue.onSubmittedWorkDone().then(() => requestAnimationFrame(frame));
});

/** Trains a network that tells two spirals apart; returns its file. */
async function trainOnSpirals(): Promise<Uint8Array> {
  const points = Array.from({ length: 400 }, (_, i) => {
    const [arm, radius] = [i % 2, i / 400];
    const angle = 7 * radius + Math.PI * arm;
    return { place: [radius * Math.cos(angle), radius * Math.sin(angle)], arm };
  });
  const data = dataset({ x: points.map(({ place }) => place), y: points.map(({ arm }) => [arm]), outputs: 1 });
  const layers = [dense(32), tanh(), dense(32), tanh(), dense(1)];
  const trainer = await createTrainer(engine, sequential(layers), {
    input: [2],
    batchSize: 50,
    loss: binaryCrossEntropy(),
    regularizer: l2(1e-4),
    optimizer: adam({ learningRate: 0.02 }),
  });
  await trainer.fit(data, { epochs: 80 });
  const file = await trainer.save({ weightsOnly: true });
  trainer.dispose();
  return file;
}
