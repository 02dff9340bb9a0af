import { byName } from './shaders.js';

/** Shaders that are run by themselves and only to look at a device: what trains does not load them. */
export const PROBE_SHADERS = byName(
  import.meta.glob<string>(['../../shaders/kernels/probe.wgsl', '../../shaders/kernels/philox-words.wgsl'], {
    query: '?raw',
    eager: true,
    import: 'default',
  }),
);
