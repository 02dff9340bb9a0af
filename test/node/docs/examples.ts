/** The setup of a block of code, and the text that it must print. */
export interface Example {
  readonly given?: string;
  readonly prints: readonly RegExp[];
}

const GPU = `import { nodeGpu as openGpu } from 'wgrad/node';\nconst gpu = await openGpu();\n`;

/** Some data with ten classes. */
const DIGITS = `const digits = (rows: number, from: number) => {
    const x = Float32Array.from({ length: rows * 64 }, (_, i) => Math.sin((i + from) * (i + from)));
    return { x, y: Uint8Array.from({ length: rows }, (_, row) => (x[64 * row] > 0 ? 9 : 1)), features: 64, classes: 10 };
  };
  const { dataset: made } = await import('wgrad');
  const [train, validation] = [made(digits(96, 0)), made(digits(64, 9999))];\n`;

/** Every block of TypeScript in the documentation, by page and by the heading above it. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, Example>>>> = {
  'README.md': {
    'A program': { prints: [/^0\.0\d+$/m, /^-0\.[89]\d+ -?[\d.e-]+ 0\.[89]\d+$/m, /^holds: \d+ checks, /m] },
  },
  'docs/extend.md': {
    'A regularizer': { prints: [/^0\.[89] -?0\.0$/m] },
    'A dropout': { prints: [/^1$/m] },
    'A layer': { prints: [/^dense0\.w dense0\.b rowNorm0\.gain rowNorm0\.bias dense1\.w dense1\.b$/m] },
    'An optimizer': { prints: [/^2[012]$/m] },
    'Save, load, search': { prints: [/^3 scaled$/m] },
    'An op': { given: GPU, prints: [/ {2}ok {3}gradient of squash/, /^holds: 4 checks, .* squash$/m] },
  },
  'docs/guides/check-the-gpu.md': {
    'In a program': {
      given: GPU,
      prints: [/^true holds: \d+ checks, /m, /^ {2}ok {3}matmul-nt direct /m, /^holds: \d checks?,/m],
    },
  },
  'docs/guides/look-inside.md': {
    'Masks, uncertainty, cost': { prints: [/^50 4 16 true$/m, /^{ flops: \d+, memory: \d+ }$/m] },
  },
  'docs/guides/node.md': { 'Get a GPU': { prints: [/\w+/] } },
  'docs/guides/onnx.md': { 'In a program': { prints: [/^\[ 'small', 'large' \] \[ 2, 2 \]$/m] } },
  'docs/guides/own-device.md': {
    'Inside your own frame': {
      given: `${GPU}const adapter = await gpu.requestAdapter();
        if (!adapter) throw new Error('no adapter');
        const device = await adapter.requestDevice();
        const buffer = (size: number) => device.createBuffer({ size, usage: GPUBufferUsage.COPY_SRC });
        const [inputs, targets] = [buffer(32 * 4 * 4), buffer(32 * 4)];`,
      prints: [],
    },
  },
  'docs/guides/own-loop.md': {
    'Steps and metrics': {
      prints: [/^[\d.]+ [\d.]+$/m, /^RangeError: set: dropout must be a number in \[0, 1\), got 1$/m, /^false$/m],
    },
  },
  'docs/guides/populations.md': {
    'A population': {
      given: `${GPU}${DIGITS}const engine = await (await import('wgrad')).createEngine({ gpu });\n`,
      prints: [/^\[ [\d.]+, [\d.]+, [\d.]+ \]$/m, /^3 \[ [\d.]+, [\d.]+, [\d.]+ \]$/m],
    },
  },
  'docs/guides/parts.md': {
    'Parts: penalties, dropout, losses, optimizers and the rest': { prints: [/^4 8 12$/m] },
    'How to choose': { prints: [/^inputs 1 and 4$/m] },
  },
  'docs/guides/save-and-load.md': {
    'A trainer': { prints: [/^51$/m, /^100$/m, /dense0\.w/] },
    'A model, to use it': {
      prints: [/^Ada \[ 'short', 'long' \] \[ 'length', .*'colour = \(other\)' \]$/m, /^\[ 'long', 'short' \]$/m],
    },
    'Inside your own frame': {
      given: `${GPU}const adapter = await gpu.requestAdapter();
        if (!adapter) throw new Error('no adapter');
        const device = await adapter.requestDevice();
        const made = await import('wgrad');
        const options = { input: [3], batchSize: 1, loss: made.meanSquaredError(), optimizer: made.sgd() };
        const trainer = await made.createTrainer(made.createReferenceEngine(), made.sequential([made.dense(2)]), options);
        const bytes = await trainer.save();`,
      prints: [],
    },
    'The configuration alone': { prints: [/^3 8 0$/m] },
  },
  'docs/guides/train.md': {
    'In a page': {
      given: `${GPU}Object.defineProperty(globalThis.navigator ?? (globalThis.navigator = {} as never), 'gpu', { value: gpu });
        const images = Uint8Array.from({ length: 192 * 784 }, (_, i) => (i * i) % 251);
        const labels = Uint8Array.from({ length: 192 }, (_, i) => i % 10);
        const pixels = new Float32Array(3 * 784).fill(0.5);`,
      prints: [/epoch: 3,/, /validationAccuracy: /],
    },
    'Data from a file': {
      prints: [/^\[ 'long', 'wide' \]$/m, /'colour: category'/, /^ {2}stopped: true$/m, /accuracy: 1\b/],
    },
    'Data from arrays': {
      prints: [/^\[ 'cat', 'dog' \] Uint32Array\(3\) \[ 0, 1, 0 \]$/m, /^2 1$/m],
    },
    'Measure predictions': {
      prints: [/^\[ \[ 1, 1 \], \[ 0, 2 \] \]$/m, /^0\.75 0\.75 0\.73\d+ 1$/m, /^0\.75$/m, /^0\.5$/m],
    },
  },
  'docs/guides/tune-kernels.md': {
    'Measure the variants': {
      given: GPU,
      prints: [/^autotune on .+ in [\d.]+ s$/m, /^ {2}matmul-nn m=16,k=64,n=32: /m],
    },
  },
  'docs/guides/tune.md': {
    'In a program': {
      given: `${GPU}${DIGITS}`,
      prints: [/^27 [\d.]+$/m, /^3 [\d.]+$/m, /learningRate: [\d.]+/],
    },
    'A λ for each input': { prints: [/^\[ '0\.00\d', '0\.00\d', '1', '1' \]$/m] },
  },
  'docs/reference/file-formats.md': {
    'Read a model elsewhere': { prints: [/^wgrad checkpoint 2 \[\s+'dense0\.w',\s+'dense0\.b'/m] },
    'Search space': { prints: [/^\[ 'l2', 'hidden' \]$/m] },
  },
  'docs/reference/randomness.md': { Dropout: { prints: [/^[01]{16}$/m] } },
};
