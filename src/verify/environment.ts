import type { GpuEngine } from '../gpu/engine.js';
import type { ArithmeticProbe } from '../gpu/probe.js';

/** Limits that decide what fits and how fast it may be. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** The device and host of a verification, and the arithmetic that WGSL leaves open. */
export interface Environment {
  readonly adapter: string;
  readonly vendor: string;
  readonly architecture: string;
  /** The driver's own description; browsers may leave it empty. */
  readonly device: string;
  readonly description: string;
  /** The adapter computes on the CPU. */
  readonly software: boolean;
  /** The browser, or the program that offers WebGPU. */
  readonly host: string;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly arithmetic: ArithmeticProbe;
  /** Every variant of every kernel gave the same bits; null if fewer than two of one were checked. */
  readonly variantsAgree: boolean | null;
  /** ISO 8601. */
  readonly date: string;
}

/** Returns the environment of an engine; `host` names what runs it, where no browser does. */
export async function environmentOf(
  engine: GpuEngine,
  host: string | undefined,
): Promise<Omit<Environment, 'variantsAgree'>> {
  const { device, info } = engine;
  const { device: name = '', description = '' } = device.adapterInfo ?? {};
  return {
    adapter: info.adapter,
    vendor: info.vendor,
    architecture: info.architecture,
    device: name,
    description,
    software: info.software,
    host: host ?? globalThis.navigator?.userAgent ?? 'unknown',
    features: [...device.features].sort(),
    limits: Object.fromEntries(LIMITS.map((limit) => [limit, device.limits[limit]])),
    arithmetic: await engine.probe(),
    date: new Date().toISOString(),
  };
}
