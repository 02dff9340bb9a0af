import type { GoodStates, StepContexts } from '../graph/engine.js';
import {
  FIRST,
  FLOOR,
  FORGET,
  goneBack,
  goodSteps,
  type Kept,
  LEAST,
  startKept,
  TOLERANCE,
  windowSteps,
} from '../graph/keep-rule.js';
import { blockElements, slotElements, type View, viewOffset } from '../plan/layout.js';
import { KERNEL_SHADERS, shader } from '../plan/shaders.js';
import type { CommandQueue, Region } from './command-queue.js';
import { USAGE } from './device.js';
import { type Memory, makeBuffers } from './memory.js';
import type { CompileLater, Pipeline } from './pipeline-cache.js';
import { StateCopies } from './state-copies.js';

/** A program's ring of losses and flags: a slot a step. */
export interface LossRing {
  /** The view of the losses, and the number of their rows. */
  readonly view: View;
  readonly rows: number;
  readonly flags: GPUBuffer;
  /** Words of one member's flags at one step. */
  readonly flagWords: number;
  readonly slots: number;
  /** Words of a row of the step table before the weights of the members' windows. */
  readonly weightsAt: number;
}

/** Steps of a program since the last window ended. */
export interface StepWindow {
  readonly ring: LossRing;
  readonly count: number;
  /** Steps taken at its end. */
  readonly steps: number;
  /** The sum of the weights, or the number, of the examples in it and in its first step, by member. */
  readonly weights: readonly (readonly [all: number, first: number])[];
}

/** Records the judgement of a window, whose row of the step table is bound, and the copy of the states. */
export type RecordKeeping = (pass: GPUComputePassEncoder) => void;

/** The words of a member: newer, steps (2), good, ended, best, floor, slot. */
const WORDS = 8;
/** The words that going back changes: those before `best`. */
const PLACE_WORDS = 5;
const UNIFORM_BYTES = 256;
const QUADS_A_WORKGROUP = 1024;

/** The good states of every member, kept by the rule in `src/graph/keep-rule.ts`. */
export class Keeper {
  readonly #slots: readonly [StateCopies, StateCopies];
  readonly #commands: CommandQueue;
  readonly #memory: Memory;
  readonly #uniforms: GPUBuffer[] = [];
  /** The kept states of every member, as the GPU writes them. */
  #words: GPUBuffer | undefined;
  /** The kept states of every member, as of the metrics read last. */
  #kept: readonly Kept[] = [];
  /** Counts the times that the host has set what is kept: words read before are out of date. */
  #settings = 0;
  #window: StepWindow | undefined;
  #before: StepWindow | undefined;

  constructor(commands: CommandQueue, memory: Memory) {
    this.#commands = commands;
    this.#memory = memory;
    this.#slots = [new StateCopies(commands, memory, 'kept'), new StateCopies(commands, memory, 'kept')];
  }

  get bytes(): number {
    const own = [this.#words, ...this.#uniforms].reduce((sum, buffer) => sum + (buffer?.size ?? 0), 0);
    return this.#slots.reduce((sum, { bytes }) => sum + bytes, own);
  }

  /** Makes memory for kept states, and prepares judging the windows of a program's ring. */
  async prepare(ring: LossRing, compile: CompileLater): Promise<RecordKeeping> {
    const memory = this.#memory;
    const { device } = this.#commands;
    for (const slot of this.#slots) await slot.allocate();
    const judge = compile('judge', shader(KERNEL_SHADERS, 'judge'), 'rrw');
    const keep = compile('keep', shader(KERNEL_SHADERS, 'keep'), 'rrww');
    if (!this.#words) {
      const size = memory.capacity * WORDS * 4;
      [this.#words] = await makeBuffers(this.#commands, [{ name: 'judged', size }]);
    }
    const words = this.#words;
    const storages = memory.states;
    const uniforms = device.createBuffer({
      label: 'wgrad keep',
      size: (storages.length + 1) * UNIFORM_BYTES,
      usage: USAGE.uniform | USAGE.copyDestination,
    });
    this.#uniforms.push(uniforms);
    const uniform = (i: number, data: Uint32Array<ArrayBuffer>) => {
      device.queue.writeBuffer(uniforms, i * UNIFORM_BYTES, data);
      return { buffer: uniforms, offset: i * UNIFORM_BYTES, size: Math.ceil(data.byteLength / 16) * 16 };
    };
    const { storage } = ring.view;
    const judging = bind(device, judge, uniform(storages.length, dimensions(ring, memory.capacity)), [
      memory.buffer(storage),
      ring.flags,
      words,
    ]);
    const copies = storages.map((state, i) => {
      const quads = blockElements(state);
      const buffers = this.#slots.map(({ buffers }) => buffers.get(state)).filter((buffer) => buffer !== undefined);
      const bindings = bind(device, keep, uniform(i, Uint32Array.of(quads)), [memory.buffer(state), words, ...buffers]);
      return { bindings, workgroups: Math.ceil(quads / QUADS_A_WORKGROUP) };
    });
    return (pass) => {
      pass.setPipeline(judge.pipeline);
      pass.setBindGroup(1, judging);
      pass.dispatchWorkgroups(1, 1, memory.members);
      pass.setPipeline(keep.pipeline);
      for (const { bindings, workgroups } of copies) {
        pass.setBindGroup(1, bindings);
        pass.dispatchWorkgroups(workgroups, 1, memory.members);
      }
    };
  }

  /** Counts a step of a program; returns the window that it ends, if it ends one. */
  count(ring: LossRing, contexts: StepContexts): StepWindow | undefined {
    const open = this.#window?.ring === ring ? this.#window : undefined;
    this.#before = this.#window;
    const [{ step }] = contexts;
    const window = {
      ring,
      count: (open?.count ?? 0) + 1,
      steps: step + 1,
      weights: contexts.map(({ count, weight = count }, member) => {
        const [all, first] = open?.weights[member] ?? [0, weight];
        return [all + weight, first] as const;
      }),
    };
    const ends = endsWindow(ring, contexts);
    this.#window = ends ? undefined : window;
    return ends ? window : undefined;
  }

  /** Takes back the last step counted, which has not run. */
  uncount(): void {
    this.#window = this.#before;
  }

  /** Keeps the current states, which have taken so many steps. */
  keep(steps: number): void {
    if (!this.#words) return;
    const members = upTo(this.#memory.members);
    for (const slot of this.#slots) slot.save(members);
    this.#set(members.map(() => startKept(steps)));
    this.#commands.device.queue.writeBuffer(this.#words, 0, wordsOf(this.#kept));
  }

  /** Goes back to the good states, as of the metrics read last. */
  restore(): void {
    if (!this.#words) throw new Error('keeper: no program keeps states');
    for (const [member, { newer }] of this.#kept.entries()) {
      this.#slots[1 - newer].restore([member]);
      this.#slots[newer].save([member]);
    }
    this.#set(this.#kept.map(goneBack));
    const all = wordsOf(this.#kept);
    // The GPU's best loss stays: it may have changed since it was read.
    for (const member of this.#kept.keys()) {
      const at = member * WORDS;
      this.#commands.device.queue.writeBuffer(this.#words, at * 4, all, at, PLACE_WORDS);
    }
  }

  /** The good states of the first member, as of the metrics read last. */
  get good(): GoodStates {
    const [kept = startKept(0)] = this.#kept;
    return { steps: goodSteps(kept), ended: kept.ended };
  }

  /** The kept states of every member, as of the metrics read last. */
  get kept(): readonly Kept[] {
    return this.#kept;
  }

  /** Returns the words to read with metrics, and the function that takes them. */
  read(): { region: Region; accept: (words: ArrayBuffer) => void } | undefined {
    const buffer = this.#words;
    if (!buffer || this.#kept.length === 0) return undefined;
    const settings = this.#settings;
    return {
      region: { buffer, offset: 0, size: this.#kept.length * WORDS * 4 },
      accept: (words) => {
        if (settings === this.#settings) this.#kept = keptFrom(words);
      },
    };
  }

  #set(kept: readonly Kept[]): void {
    this.#kept = kept;
    this.#settings++;
    this.#window = undefined;
  }

  dispose(): void {
    for (const buffer of this.#uniforms.splice(0)) buffer.destroy();
    for (const slot of this.#slots) slot.dispose();
    this.#words?.destroy();
    this.#words = undefined;
  }
}

/** True if a step of a program ends a window. */
export function endsWindow({ slots }: Pick<LossRing, 'slots'>, [{ step }]: StepContexts): boolean {
  return (step + 1) % windowSteps(slots) === 0;
}

/** The uniform of `judge.wgsl`. */
function dimensions({ view, rows, flagWords, slots, weightsAt }: LossRing, members: number): Uint32Array<ArrayBuffer> {
  const { storage } = view;
  const member = storage.perMember ? blockElements(storage) : 0;
  const counts = [members, slots, flagWords, slotElements(storage, members), member, viewOffset(view), rows];
  const words = Uint32Array.of(...counts, weightsAt, 0, 0, 0, 0, 0);
  new Float32Array(words.buffer).set([TOLERANCE, FORGET, FIRST, FLOOR, LEAST], counts.length + 1);
  return words;
}

function wordsOf(kept: readonly Kept[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(kept.length * WORDS);
  const floats = new Float32Array(words.buffer);
  for (const [member, { newer, steps, isGood, ended = 0, best = 0, floor }] of kept.entries()) {
    words.set([newer, ...steps, Number(isGood), ended], member * WORDS);
    floats.set([best, floor], member * WORDS + PLACE_WORDS);
  }
  return words;
}

function keptFrom(bytes: ArrayBuffer): Kept[] {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  return Array.from({ length: words.length / WORDS }, (_, member) => {
    const [newer, step0, step1, good, ended] = words.subarray(member * WORDS);
    const [best, floor] = floats.subarray(member * WORDS + PLACE_WORDS);
    return {
      newer: newer === 0 ? 0 : 1,
      steps: [step0, step1],
      isGood: good !== 0,
      ended: ended || undefined,
      best: best || undefined,
      floor,
    };
  });
}

function bind(
  device: GPUDevice,
  { layout }: Pipeline,
  uniform: GPUBufferBinding,
  buffers: readonly GPUBuffer[],
): GPUBindGroup {
  const storages = buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } }));
  return device.createBindGroup({ layout, entries: [{ binding: 0, resource: uniform }, ...storages] });
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
