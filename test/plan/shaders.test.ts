import { beforeAll, describe, expect, test } from 'vitest';
import { ROWS_SHADERS } from '../../src/gpu/buffer-run.js';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { PROBE_SHADERS } from '../../src/gpu/probe.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { OPS } from '../../src/ops/every-op.js';
import { KERNEL_SHADERS, LIBRARY_SHADERS } from '../../src/plan/shaders.js';
import { sharedEngine } from '../gpu/stored.js';
import { everyShader } from './every-shader.js';

const shaders = everyShader();

describe('no shader is unused', () => {
  const kernels = KERNELS.flatMap(({ variants }) => variants.map(({ shader }) => shader));
  const files = new Set([...KERNEL_SHADERS.keys(), ...kernels, ...PROBE_SHADERS.keys(), ...ROWS_SHADERS.keys()]);
  test.each([...files])('kernels/%s.wgsl', (name) => {
    expect(shaders.some(({ file }) => file === name)).toBe(true);
  });

  const ops = OPS.flatMap((op) => (op.kind === 'elementwise' ? [[op.name, op.wgsl] as const] : []));
  const functions = [...ops, ...LIBRARY_SHADERS].flatMap(([name, text]) =>
    [...text.matchAll(/^fn \w+\(/gm)].map(([signature]) => [`${signature}) of ${name}`, signature] as const),
  );
  test.each(functions)('%s', (_, signature) => {
    expect(shaders.some(({ wgsl }) => wgsl.includes(signature))).toBe(true);
  });
});

test('every text opens with what it is', () => {
  for (const { title, wgsl, file } of shaders) {
    if (!['judge', 'keep', 'probe', 'philox-words', 'pad-rows', 'unpad-rows'].includes(file))
      expect(wgsl.split('\n')[0]).toBe(`// ${title}`);
  }
});

describe('on this device', () => {
  let engine: GpuEngine;
  let able: typeof shaders;
  beforeAll(async () => {
    engine = await sharedEngine();
    able = shaders.filter(({ wgsl }) => !/^enable subgroups;/m.test(wgsl) || engine.traits.subgroupMinSize > 0);
  });

  test('every shader compiles without a warning', async () => {
    for (const { title, wgsl } of able) {
      const { messages } = await engine.device.createShaderModule({ code: wgsl }).getCompilationInfo();
      expect(messages.map(({ lineNum, message }) => `${title}, line ${lineNum}: ${message}`)).toEqual([]);
    }
  });
});
