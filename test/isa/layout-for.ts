/**
 * Returns the layout of a text of this project: group 0 is the step table at a dynamic offset, group 1 a uniform and buffers.
 * Returns 'auto' for other texts.
 */
export function layoutFor(device: GPUDevice, wgsl: string): GPUPipelineLayout | 'auto' {
  const groups: GPUBindGroupLayoutEntry[][] = [[], []];
  for (const [, group, binding, space] of wgsl.matchAll(/@group\((\d+)\)\s*@binding\((\d+)\)\s*var<([^>]*)>/g)) {
    const stored = space.includes('read_write') ? 'storage' : 'read-only-storage';
    groups[Number(group)]?.push({
      binding: Number(binding),
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: space === 'uniform' ? 'uniform' : stored, hasDynamicOffset: group === '0' },
    });
  }
  const [table, buffers] = groups;
  if (table.length !== 1 || table[0].buffer?.type !== 'read-only-storage' || buffers.length === 0) return 'auto';
  return device.createPipelineLayout({
    bindGroupLayouts: groups.map((entries) => device.createBindGroupLayout({ entries })),
  });
}
