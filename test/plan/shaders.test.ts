import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { KERNEL_SHADERS, LIBRARY_SHADERS, OP_SHADERS } from '../../src/plan/shaders.js';
import { gpuEngine } from '../gpu/stored.js';
import { everyShader } from './every-shader.js';

const shaders = everyShader();

describe('no shader is unused', () => {
  test.each([...KERNEL_SHADERS.keys()])('kernels/%s.wgsl', (name) => {
    expect(shaders.some(({ file }) => file === name)).toBe(true);
  });

  const functions = [...OP_SHADERS, ...LIBRARY_SHADERS].flatMap(([name, text]) =>
    [...text.matchAll(/^fn \w+\(/gm)].map(([signature]) => [`${signature}) of ${name}.wgsl`, signature] as const),
  );
  test.each(functions)('%s', (_, signature) => {
    expect(shaders.some(({ wgsl }) => wgsl.includes(signature))).toBe(true);
  });
});

test('every text opens with what it is', () => {
  for (const { title, wgsl, file } of shaders) {
    if (file !== 'keep' && file !== 'probe') expect(wgsl.split('\n')[0]).toBe(`// ${title}`);
  }
});

describe('on this device', () => {
  let engine: GpuEngine;
  beforeAll(async () => {
    engine = await gpuEngine();
  });
  afterAll(() => engine.dispose());

  test('every shader compiles without a warning, and makes a pipeline', async () => {
    const messages: string[] = [];
    for (const { title, wgsl, kinds } of shaders) {
      const info = await engine.device.createShaderModule({ code: wgsl }).getCompilationInfo();
      messages.push(...info.messages.map(({ lineNum, message }) => `${title}, line ${lineNum}: ${message}`));
      await engine.pipelines.get(title, wgsl, kinds);
    }
    expect(messages).toEqual([]);
  });
});
