import { readStored } from '../debug/stored.js';
import type { GpuEngine } from '../gpu/engine.js';
import { PROBE_SHADERS, runShader } from '../gpu/probe.js';
import { type HostContext, live } from '../graph/step.js';
import { relu } from '../nn/activations.js';
import { dense } from '../nn/dense.js';
import { dropout } from '../nn/dropout.js';
import { sequential } from '../nn/layer.js';
import { meanSquaredError } from '../nn/losses.js';
import { sgd } from '../nn/optimizers.js';
import { TracedModel } from '../nn/traced-model.js';
import { bitsFromFloat, type Tensor } from '../ops/index.js';
import { render } from '../plan/render.js';
import { LIBRARY_SHADERS, shader } from '../plan/shaders.js';
import { philox } from '../random/philox.js';
import { Random } from '../random/random.js';
import { maskWord } from '../random/source.js';
import { Findings } from './check.js';
import type { Verification } from './verification.js';

/** Counter, key and result. Source: Random123, tests/kat_vectors, philox4x32 with 10 rounds. */
const KNOWN_ANSWERS = [
  '00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd',
  '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1',
].map((row) => row.split(' ').map((word) => Number.parseInt(word, 16)));

const CALLS = 4096;

/** The final text of the shader that only draws words. */
export function philoxWords(): string {
  const text = shader(PROBE_SHADERS, 'philox-words');
  return render('philox-words', text, { philox: shader(LIBRARY_SHADERS, 'philox') });
}

/** Philox in WGSL against the published known answers, and against the host's words at random counters and keys. */
export async function checkPhilox(engine: GpuEngine, seed: number): Promise<Findings> {
  const random = new Random(seed);
  const calls = Array.from({ length: CALLS }, (_, i) =>
    i < KNOWN_ANSWERS.length
      ? KNOWN_ANSWERS[i].slice(0, 6)
      : Array.from({ length: 6 }, () => Math.floor(random.next() * 2 ** 32)),
  );
  const numbers = Uint32Array.from(calls.flatMap((call) => [...call, 0, 0]));
  const lone = { label: 'philox-words', wgsl: philoxWords(), lanes: CALLS, numbers, resultBytes: CALLS * 16 };
  const drawn = new Uint32Array(await runShader(engine, lone));
  const findings = new Findings();
  const known = Uint32Array.from(KNOWN_ANSWERS.flatMap((row) => row.slice(6)));
  findings.equal('known answers (got, want)', drawn.subarray(0, known.length), known);
  const host = Uint32Array.from(
    calls.flatMap(([a, b, c, d, low, high]) => Array.from(philox(a, b, c, d, [low, high], new Uint32Array(4)))),
  );
  findings.equal("words at random counters (GPU's, host's)", drawn, host);
  return findings;
}

/** A network whose masks can be seen: every element that is not dropped is positive, forward and backward. */
interface MaskNetwork {
  readonly rows: number;
  /** Units of the layers with dropout. */
  readonly widths: readonly number[];
  /** ReLU before dropout: the backward pass then reads the mask from the stored output's sign. */
  readonly gated: boolean;
}

interface Masked {
  readonly tensor: Tensor;
  readonly source: Tensor;
  readonly direction: 'forward' | 'backward';
}

/** Every tensor in which a mask shows, with the words it is drawn from: of a masked gradient the gated one, if it is. */
function maskedIn(values: readonly Tensor[]): Masked[] {
  const tensors = live(values);
  const gateOf = (tensor: Tensor) =>
    tensors.find(({ op, inputs: [dy] }) => op.name === 'reluGradient' && dy === tensor);
  return tensors
    .filter(({ op }) => op.name === 'dropout')
    .map((tensor): Masked => {
      const backward = live([tensor]).some(({ op }) => op.name === 'squaredErrorGradient');
      const direction = backward ? 'backward' : 'forward';
      return { tensor: gateOf(tensor) ?? tensor, source: tensor.inputs[1], direction };
    });
}

/** The elements that a mask kept, to be compared with other masks. */
interface Mask {
  readonly name: string;
  readonly kept: Uint32Array;
}

/** One training step of members; compares every mask bit in it with the host's. */
async function observeMasks(
  engine: GpuEngine,
  { rows, widths, gated }: MaskNetwork,
  contexts: readonly HostContext[],
  { yieldToHost }: Verification,
  findings: Findings,
): Promise<Mask[]> {
  const layers = widths.flatMap((units) => [dense(units), ...(gated ? [relu()] : []), dropout(0.5)]);
  const training = { model: sequential([...layers, dense(1)]), loss: meanSquaredError(), optimizer: sgd() };
  const traced = new TracedModel(training);
  const [x, y] = [traced.input('x', rows, 1), traced.input('targets', rows, 1)];
  const step = traced.step({ x, y });
  const masked = maskedIn(step.updates.map(({ value }) => value));
  const executor = engine.createExecutor({ members: contexts.length, slots: 1, debug: false });
  try {
    const taps = masked.map(({ tensor }) => tensor);
    const program = await executor.compile(step, traced.scalars, { taps });
    executor.write(x, new Float32Array(rows));
    executor.write(y, new Float32Array(rows).fill(-1));
    for (const { tensor, penalised } of traced.parameters) {
      const data = new Float32Array(tensor.rows * tensor.cols).fill(penalised ? 1 / 64 : 1);
      for (const member of contexts.keys()) executor.write(tensor, data, member);
    }
    program.run([contexts]);
    const stored = await readStored(executor, program.plan, taps);
    const masks: Mask[] = [];
    for (const [member, context] of contexts.entries()) {
      for (const [i, { tensor, source, direction }] of masked.entries()) {
        await yieldToHost();
        const words = traced.scalars.get(source)?.(context) ?? [];
        const kept = Uint32Array.from(stored[member][i].words, (word) => (word << 1 ? 1 : 0));
        const { cols } = tensor;
        // The reference reads these words too: that they are those of the rate is checked here.
        const p = context.hyper[`dropout${words[3] & 0xffffff}.dropout`];
        const [threshold, scale] = [Math.round(p * 2 ** 32), bitsFromFloat(1 / (1 - p))];
        findings.demand(words[5] === threshold, `the threshold of rate ${p} is ${words[5]}, not ${threshold}`);
        findings.demand(words[6] === scale, `the bits of the scale of rate ${p} are ${words[6]}, not ${scale}`);
        const wanted = new Uint32Array(kept.length);
        for (let row = 0; row < tensor.rows; row++) {
          if (row % 64 === 0) await yieldToHost();
          for (let col = 0; col < cols; col++) {
            wanted[row * cols + col] = maskWord(words, row, col, cols) < words[5] ? 0 : 1;
          }
        }
        const layer = words[3] & 0xffffff;
        const name = `${direction} mask of layer ${layer}, step ${context.step}, sample ${context.sample}, seed ${context.seed.join(':')}`;
        findings.equal(`${name} (GPU's, host's)`, kept, wanted);
        masks.push({ name, kept });
      }
    }
    return masks;
  } finally {
    executor.dispose();
  }
}

const contextOf = (seed: number, count: number): HostContext => ({
  seed: [seed, 7],
  step: 0,
  sample: 0,
  start: 0,
  count,
  hyper: { 'dropout0.dropout': 0.3, 'dropout1.dropout': 0.5, learningRate: 0 },
});

/** Rows and columns of 2^20 mask bits and a few more; the columns are no multiple of four. */
const [ROWS, COLUMNS] = [1021, 1030];

/** 2^20 mask bits seen through the kernels of a training step, forward and backward, and the share that was kept. */
export async function checkMasks(
  engine: GpuEngine,
  verification: Verification,
  seed: number,
  gated: boolean,
): Promise<[Findings, string]> {
  const findings = new Findings();
  const network = { rows: ROWS, widths: [COLUMNS], gated };
  const masks = await observeMasks(engine, network, [contextOf(seed, ROWS)], verification, findings);
  findings.demand(masks.length === 2, `${masks.length} masks were seen instead of 2`);
  const [{ kept }] = masks;
  const share = kept.reduce((sum, bit) => sum + bit, 0) / kept.length;
  const deviation = Math.sqrt((0.3 * 0.7) / kept.length);
  // Six deviations: one seed in 10^9 of a good generator would be refused.
  findings.demand(Math.abs(share - 0.7) < 6 * deviation, `a share of ${share} was kept instead of 0.7`);
  const off = (share - 0.7) / deviation;
  return [findings, `kept ${share.toFixed(5)} of an expected 0.7 (${off.toFixed(1)} standard deviations)`];
}

/** Masks of other steps, layers, seeds, samples and members: each as the contract has it, no two alike. */
export async function checkMaskCounters(
  engine: GpuEngine,
  verification: Verification,
  seed: number,
): Promise<Findings> {
  const findings = new Findings();
  const network = { rows: 9, widths: [37, 37], gated: true };
  const context = contextOf(seed, 9);
  const base = { ...context, hyper: { ...context.hyper, 'dropout0.dropout': 0.5 } };
  const contexts: HostContext[] = [
    base,
    { ...base, step: 1 },
    { ...base, step: 0xffffffff },
    { ...base, sample: 1 },
    { ...base, seed: [seed ^ 1, 7] },
    { ...base, seed: [seed, 8] },
  ];
  const masks = await observeMasks(engine, network, contexts, verification, findings);
  const seen = new Map<string, string>();
  for (const { name, kept } of masks.filter((mask) => mask.name.startsWith('forward'))) {
    const bits = kept.join('');
    const twin = seen.get(bits);
    findings.demand(twin === undefined, `${name} is the ${twin}`);
    seen.set(bits, name);
  }
  return findings;
}
