import { EngineError } from '../errors/engine-error.js';
import type { ReplayedProgram } from '../gpu/debugging.js';
import { type Device, USAGE } from '../gpu/device.js';
import type { Memory } from '../gpu/memory.js';
import type { HostContext } from '../graph/step.js';
import { constantOp, scalarOp, type Tensor, type Values } from '../ops/index.js';
import type { Dispatch } from '../plan/plan.js';
import { describeWorst, worst } from '../reference/comparison.js';
import { interpret } from '../reference/interpret.js';
import { scalarValues } from '../reference/reference-engine.js';
import type { DispatchObserver, ObservedDispatch } from './observed-run.js';
import { unpack } from './stored.js';

/** A tensor's bytes on their way to the host. */
interface Copied {
  readonly tensor: Tensor;
  readonly member: number;
  readonly staging: GPUBuffer;
}

/** One dispatch with the tensors that it read and those that it stored. */
interface Recorded {
  readonly program: ReplayedProgram;
  readonly index: number;
  readonly contexts: readonly HostContext[];
  readonly reads: readonly Copied[];
  /** The inputs that only the host has written. */
  readonly known: ReadonlyMap<Tensor, Values>;
  readonly writes: readonly Copied[];
}

/** Exponent bits that are all ones: infinite or not a number. */
const NOT_FINITE = 0x7f800000;

/** Returns an observer that compares every dispatch with the interpretation of its ops on the values that it read. */
export function checkDispatches(device: Device, memory: Memory): DispatchObserver {
  const recorded: Recorded[] = [];
  let before: Pick<Recorded, 'reads' | 'known'> = { reads: [], known: new Map() };
  const copy = ({ encoder, program, row }: ObservedDispatch, tensors: readonly Tensor[]): Copied[] =>
    tensors.flatMap((tensor) =>
      Array.from({ length: memory.members }, (_, member) => {
        const { buffer, offset, size } = program.regionOf(tensor, member, row);
        const staging = device.device.createBuffer({
          label: 'wgrad check',
          size,
          usage: USAGE.mapRead | USAGE.copyDestination,
        });
        encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
        return { tensor, member, staging };
      }),
    );
  return {
    before: (dispatch) => {
      const inMemory = dispatchOf(dispatch).reads.filter(({ op }) => op !== scalarOp && op !== constantOp);
      const known = new Map(
        inMemory.flatMap((tensor) => {
          const values = memory.written(tensor);
          return values ? [[tensor, values] as const] : [];
        }),
      );
      const unknown = inMemory.filter((tensor) => !known.has(tensor));
      before = { reads: copy(dispatch, unknown), known };
      return undefined;
    },
    after: (dispatch) => {
      const { program, index, contexts } = dispatch;
      const writes = copy(dispatch, dispatchOf(dispatch).writes);
      recorded.push({ ...before, program, index, contexts, writes });
    },
    look: async (submitted) => {
      const stagings = recorded.flatMap(({ reads, writes }) => [...reads, ...writes].map(({ staging }) => staging));
      try {
        await device.mapForReading(stagings, submitted);
        for (const each of recorded) checkOne(each);
      } finally {
        for (const staging of stagings) staging.destroy();
      }
    },
  };
}

function dispatchOf({ program, index }: Pick<ObservedDispatch, 'program' | 'index'>): Dispatch {
  return program.plan.dispatches[index];
}

/** @throws EngineError naming the first tensor that is not finite or not within its bound */
function checkOne({ program, index, contexts, reads, known, writes }: Recorded): void {
  const { title, dimensions, writes: tensors } = program.plan.dispatches[index];
  for (const [member, context] of contexts.entries()) {
    const given = new Map<Tensor, Values>(known);
    for (const copied of reads) if (copied.member === member) given.set(copied.tensor, valuesOf(copied));
    const feed = (leaf: Tensor) => scalarValues(leaf, program.scalars, context);
    const wanted = interpret(tensors, feed, { bounds: true, given });
    for (const [i, tensor] of tensors.entries()) {
      const stored = writes.find((copied) => copied.tensor === tensor && copied.member === member);
      if (!stored) continue;
      const { words, values } = unpack(new Uint32Array(stored.staging.getMappedRange()), tensor);
      const sizes = Object.entries(dimensions).map(([letter, size]) => `${letter}=${size}`);
      const name = program.plan.layout.nameOf(tensor);
      const where = `debug: step ${context.step}, member ${member} (seed ${context.seed.join(':')}), dispatch ${index}, ${title} at ${sizes.join(',')}: `;
      const infinite = tensor.dtype === 'f32' ? words.findIndex((word) => (word & NOT_FINITE) === NOT_FINITE) : -1;
      if (infinite >= 0) {
        const place = `[${Math.floor(infinite / tensor.cols)}, ${infinite % tensor.cols}]`;
        throw new EngineError('validation', `${where}${name}${place} is ${values[infinite]}`);
      }
      const found = worst(values, wanted[i]);
      if (found.used <= 1) continue;
      throw new EngineError('validation', where + describeWorst(name, tensor.cols, found));
    }
  }
}

/** Returns the elements of a tensor that was read. */
function valuesOf({ tensor, staging }: Copied): Values {
  const { rows, cols, dtype } = tensor;
  const range = staging.getMappedRange();
  if (dtype !== 'u8') return { rows, cols, data: unpack(new Uint32Array(range), tensor).values };
  const padded = new Uint8Array(range);
  const width = padded.length / rows;
  const data = Uint8Array.from({ length: rows * cols }, (_, i) => padded[Math.floor(i / cols) * width + (i % cols)]);
  return { rows, cols, data };
}
