import { checkOptions, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { GpuEngine } from '../gpu/engine.js';
import type { Engine } from '../graph/engine.js';
import { gelu, relu, tanh } from '../nn/activations.js';
import { dense } from '../nn/dense.js';
import { dropout } from '../nn/dropout.js';
import { l2 } from '../nn/l2.js';
import { sequential } from '../nn/layer.js';
import { binaryCrossEntropy, softmaxCrossEntropy } from '../nn/losses.js';
import { adamw, sgd } from '../nn/optimizers.js';
import type { DefinedOp } from '../ops/define-op.js';
import { createTrainer } from '../train/create-trainer.js';
import { sessionOf, type Trainer } from '../train/trainer.js';
import { checkEngine, type VariantBits } from './check-engine.js';
import { checkModel, type ModelSubject } from './check-model.js';
import { rowsOf } from './model-run.js';
import { checkOp, ownOpsOf } from './own-ops.js';
import { type Check, environmentOf, type Report, reportText, verdictOf } from './report.js';
import { Verification } from './verification.js';
import {
  type CheckedVerifyOptions,
  checkVerifyOptions,
  type VerifyEngineOptions,
  type VerifyOptions,
} from './verify-options.js';

/**
 * Verifies an engine on its own GPU: the random numbers of training, every kernel in every variant, and training steps of
 * small built-in networks, all against the float64 reference within derived bounds.
 * @returns a report; a check that fails is in it and does not throw
 * @throws TypeError or RangeError naming an option that is wrong; EngineError of kind `unsupported` for the CPU reference,
 * `aborted` when the signal is, `lost` if the device is
 */
export async function verifyEngine(engine: Engine, options: VerifyEngineOptions = {}): Promise<Report> {
  const where = 'verifyEngine';
  const checked = checkVerifyOptions(where, options);
  const gpu = gpuEngineOf(where, engine);
  const repeat: ModelSubject['repeat'] = (section) => ({ call: where, options: repetition(section, checked) });
  return report(where, gpu, checked, async (verification, onCheck) => {
    const bits = await checkEngine(gpu, checked, verification, onCheck);
    if (!hasModels(checked)) return bits;
    for (const name of checked.quick ? BUILT_IN.slice(0, 1) : BUILT_IN) {
      const trainer = await builtInTrainer(gpu, name);
      const subject = { session: sessionOf(trainer), rows: undefined, title: `${name}: `, repeat };
      try {
        await checkModel(gpu, subject, checked, verification, onCheck);
      } finally {
        trainer.dispose();
      }
    }
    return bits;
  });
}

/**
 * Verifies a trainer on its own GPU: the engine as `verifyEngine` does, and the gradients and steps of the trainer's own
 * model from its own state, every tensor of them, against the float64 reference within derived bounds. The trainer is as
 * before; memory for `members` more networks and their intermediate tensors is needed meanwhile.
 * @returns a report; a check that fails is in it and does not throw
 * @throws as `verifyEngine`; EngineError of kind `diverged` if the trainer's state is not finite
 */
export async function verify(trainer: Trainer, options: VerifyOptions = {}): Promise<Report> {
  const where = 'verify';
  const session = sessionOf(trainer);
  const checked = checkVerifyOptions(where, options, ['batch', 'members']);
  const rows = options.batch === undefined ? undefined : rowsOf(where, session, options.batch);
  session.check();
  const gpu = gpuEngineOf(where, session.engine);
  await session.settle();
  const own = { members: checked.members, ...(rows && { batch: 'the same' }) };
  const repeat: ModelSubject['repeat'] = (section) => ({
    call: where,
    options: { ...repetition(section, checked), ...own },
  });
  return report(where, gpu, checked, async (verification, onCheck) => {
    const bits = await checkEngine(gpu, checked, verification, onCheck);
    const isAll = checked.kernel === undefined && checked.variant === undefined;
    for (const op of isAll ? ownOpsOf(session) : [])
      for (const check of await checkOp(gpu, op, checked, verification)) onCheck(check);
    if (hasModels(checked)) {
      await checkModel(gpu, { session, rows, title: '', repeat }, checked, verification, onCheck);
    }
    return bits;
  });
}

/** Options of `verifyOp`; `seconds` is 60 by default. */
export type VerifyOpOptions = Pick<VerifyEngineOptions, 'seed' | 'seconds' | 'host' | 'signal' | 'onProgress'>;

/**
 * Verifies an op that `defineOp` or `defineRandomOp` has made: its WGSL on the engine's GPU against its `value` within its
 * bound, on drawn inputs and on special ones, zeros and extremes among them; riding on a kernel against alone; its gradient
 * against central differences of `value`; its random words against the contract of randomness.
 * @returns a report; a check that fails is in it, names the op and does not throw
 * @throws as `verifyEngine`
 */
export async function verifyOp(engine: Engine, op: DefinedOp, options: VerifyOpOptions = {}): Promise<Report> {
  const where = 'verifyOp';
  if (typeof op !== 'function' || op.op?.reference === undefined)
    throw new TypeError(`${where}: op must be made by defineOp or defineRandomOp, got ${show(op)}`);
  checkOptions(where, options, ['seed', 'seconds', 'host', 'signal', 'onProgress']);
  const checked = checkVerifyOptions(where, { seconds: 60, ...options });
  const gpu = gpuEngineOf(where, engine);
  return report(where, gpu, checked, async (verification, onCheck) => {
    for (const check of await checkOp(gpu, op.op, checked, verification)) onCheck(check);
    return { compared: 0, differing: 0 };
  });
}

/** True if models are to be checked. */
const hasModels = ({ sections }: CheckedVerifyOptions) => sections.has('gradients') || sections.has('steps');

function repetition(section: 'gradients' | 'steps', { quick, steps, seed }: CheckedVerifyOptions) {
  return { sections: [section], ...(quick && { quick }), steps, seed };
}

function gpuEngineOf(where: string, engine: Engine): GpuEngine {
  if (typeof engine?.createExecutor !== 'function') {
    throw new TypeError(`${where}: engine must be made by createEngine, got ${show(engine)}`);
  }
  engine.check();
  if (engine instanceof GpuEngine) return engine;
  throw new EngineError('unsupported', `${where}: it verifies a GPU; this engine is the CPU reference itself`);
}

/** Makes checks and returns the report; `run` tells how the variants of kernels compare. */
async function report(
  where: string,
  engine: GpuEngine,
  options: CheckedVerifyOptions,
  run: (verification: Verification, onCheck: (check: Check) => void) => Promise<VariantBits>,
): Promise<Report> {
  const verification = new Verification(where, options);
  if (options.signal?.aborted) await verification.yieldToHost(); // throws
  const surroundings = await environmentOf(engine, options.host);
  const checks: Check[] = [];
  const bits = await run(verification, (check) => void checks.push(check));
  engine.check();
  const { omitted, seconds } = verification;
  const environment = { ...surroundings, variantsAgree: bits.compared ? bits.differing === 0 : null };
  const passed = checks.length > 0 && checks.every((check) => check.passed);
  const verdict = verdictOf(checks, omitted);
  const plain = { passed, verdict, environment, checks, omitted, seed: options.seed, seconds };
  // Not enumerable, so that the report is plain JSON.
  return Object.defineProperty(plain, 'toString', { value: () => reportText(plain) });
}

/** Networks on which an engine without a trainer is checked: small, ragged, with everything that may ride on a kernel. */
const BUILT_IN = ['a classifier with momentum', 'a regressor with AdamW'] as const;

/** A fresh trainer of a built-in network. */
function builtInTrainer(engine: Engine, name: (typeof BUILT_IN)[number]): Promise<Trainer> {
  if (name === 'a classifier with momentum') {
    return createTrainer(engine, sequential([dense(33), relu(), dropout(0.5), dense(18), relu(), dense(10)]), {
      input: [21],
      batchSize: 37,
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      regularizer: l2(1e-2),
      seed: 1,
    });
  }
  return createTrainer(
    engine,
    sequential([dropout(0.2), dense(19), gelu(), dropout(0.25), dense(7), tanh(), dense(5)]),
    {
      input: [13],
      batchSize: 66,
      loss: binaryCrossEntropy(),
      optimizer: adamw({ learningRate: 1e-2, weightDecay: 0.1 }),
      seed: 2,
    },
  );
}
