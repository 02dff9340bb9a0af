import { EngineError } from '../errors/engine-error.js';
import { makeOncePer } from '../promises/make-once.js';
import type { Device } from './device.js';

/** One letter for each buffer of a dispatch: 'r' read, 'w' read and written. */
export type BindingKinds = string;

/** A pipeline and the layout of its bind group 1. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** A pipeline that the first step does not need. */
interface LaterPipeline extends Pipeline {
  /** Resolves once it is compiled, or has failed, which its use tells. */
  readonly ready: Promise<void>;
}

/** Returns the pipeline of a shader for later steps than the first. */
export type CompileLater = (label: string, wgsl: string, kinds: BindingKinds) => Pipeline;

const COMPUTE = 4; // GPUShaderStage.COMPUTE, without needing the global

/** Compiles every WGSL text once. */
export class PipelineCache {
  /** The layout of bind group 0: the step table with a dynamic offset. */
  readonly tableLayout: GPUBindGroupLayout;
  readonly #device: Device;
  readonly #layouts = new Map<BindingKinds, GPUBindGroupLayout>();
  readonly #pipelines = new Map<string, Promise<Pipeline>>();

  constructor(device: Device) {
    this.#device = device;
    this.tableLayout = device.device.createBindGroupLayout({
      label: 'wgrad step table',
      entries: [{ binding: 0, visibility: COMPUTE, buffer: { type: 'read-only-storage', hasDynamicOffset: true } }],
    });
  }

  /** Returns the pipeline of a shader whose bind group 1 holds a uniform and buffers of these kinds. */
  get(label: string, wgsl: string, kinds: BindingKinds): Promise<Pipeline> {
    return this.#device.rejectWhenLost(makeOncePer(this.#pipelines, wgsl, () => this.#compile(label, wgsl, kinds)));
  }

  /** Returns a pipeline that is compiled once `started` resolves; it is made at once where it is used before that is done. */
  later(label: string, wgsl: string, kinds: BindingKinds, started: Promise<void>): LaterPipeline {
    let made: GPUComputePipeline | undefined;
    let failure: unknown;
    const compile = async () => {
      if (!made) made = (await this.get(label, wgsl, kinds)).pipeline;
    };
    const ready = started.then(compile).catch((error: unknown) => {
      failure = error;
    });
    const layout = this.#layout(kinds);
    const makeNow = () => this.#device.device.createComputePipeline(this.#described(label, wgsl, layout));
    return {
      layout,
      ready,
      get pipeline() {
        if (failure) throw failure;
        made ??= makeNow();
        return made;
      },
    };
  }

  #described(label: string, wgsl: string, layout: GPUBindGroupLayout): GPUComputePipelineDescriptor {
    const { device } = this.#device;
    return {
      label: `wgrad ${label}`,
      layout: device.createPipelineLayout({ label: `wgrad ${label}`, bindGroupLayouts: [this.tableLayout, layout] }),
      compute: { module: device.createShaderModule({ label: `wgrad ${label}`, code: wgsl }), entryPoint: 'main' },
    };
  }

  #layout(kinds: BindingKinds): GPUBindGroupLayout {
    let layout = this.#layouts.get(kinds);
    if (!layout) {
      const storages = [...kinds].map((kind, i): GPUBindGroupLayoutEntry => {
        const type = kind === 'w' ? 'storage' : 'read-only-storage';
        return { binding: i + 1, visibility: COMPUTE, buffer: { type } };
      });
      const uniform: GPUBindGroupLayoutEntry = { binding: 0, visibility: COMPUTE, buffer: { type: 'uniform' } };
      layout = this.#device.device.createBindGroupLayout({ label: `wgrad ${kinds}`, entries: [uniform, ...storages] });
      this.#layouts.set(kinds, layout);
    }
    return layout;
  }

  async #compile(label: string, wgsl: string, kinds: BindingKinds): Promise<Pipeline> {
    const { device } = this.#device;
    device.pushErrorScope('validation');
    const layout = this.#layout(kinds);
    const described = this.#described(label, wgsl, layout);
    const scope = device.popErrorScope();
    const compiled = device.createComputePipelineAsync(described).catch((cause: unknown) => cause);
    const [error, pipeline] = await Promise.all([scope, compiled]);
    if (!error && !(pipeline instanceof Error)) return { pipeline: pipeline as GPUComputePipeline, layout };
    const { messages } = await described.compute.module.getCompilationInfo();
    const first = messages.find(({ type }) => type === 'error');
    const place = first
      ? `\n${excerpt(wgsl, first.lineNum)}\n${first.message}`
      : `\n${(error ?? (pipeline as Error)).message}`;
    throw new EngineError('validation', `shader ${label}: WebGPU refuses it${place}`, { cause: error ?? pipeline });
  }
}

/** Returns the lines around `line`, with a mark at it. */
function excerpt(text: string, line: number): string {
  const lines = text.split('\n');
  const from = Math.max(0, line - 3);
  return lines
    .slice(from, line + 2)
    .map((each, i) => `${from + i + 1 === line ? '>' : ' '} ${from + i + 1} | ${each}`)
    .join('\n');
}
