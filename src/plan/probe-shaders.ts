import { byName } from './shaders.js';

/** Shaders that only examine a device. Training does not load them. */
export const PROBE_SHADERS = byName(
  import.meta.glob<string>(['../../shaders/kernels/probe.wgsl', '../../shaders/kernels/philox-words.wgsl'], {
    query: '?raw',
    eager: true,
    import: 'default',
  }),
);
