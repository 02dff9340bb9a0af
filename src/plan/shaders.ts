/** Returns the texts of a folder of shaders by file name without folder and extension. */
export function byName(files: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(Object.entries(files).map(([path, text]) => [path.replace(/^.*\/(.*)\.wgsl$/, '$1'), text]));
}

/** One handwritten kernel a file; those that not all training loads, of products for example, are elsewhere. */
export const KERNEL_SHADERS = byName(
  import.meta.glob<string>(
    [
      '../../shaders/kernels/*.wgsl',
      '!../../shaders/kernels/matmul-*.wgsl',
      '!../../shaders/kernels/probe.wgsl',
      '!../../shaders/kernels/philox-words.wgsl',
      '!../../shaders/kernels/*pad-rows.wgsl',
      '!../../shaders/kernels/{roll,normalize}-rows*.wgsl',
    ],
    { query: '?raw', eager: true, import: 'default' },
  ),
);
/** Functions that kernels and ops share; those that ops or products bring are elsewhere. */
export const LIBRARY_SHADERS = byName(
  import.meta.glob<string>(['../../shaders/lib/*.wgsl', '!../../shaders/lib/{random,tile}.wgsl'], {
    query: '?raw',
    eager: true,
    import: 'default',
  }),
);

/** Returns the text called `name`. @throws Error if there is none. */
export function shader(shaders: ReadonlyMap<string, string>, name: string): string {
  const text = shaders.get(name);
  if (text === undefined) throw new Error(`plan: there is no shader ${name}.wgsl`);
  return text.trimEnd();
}
