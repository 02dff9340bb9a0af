import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChipReport } from '../chip-report.js';
import type { Chip } from '../chips.js';
import { mustRun } from './run-program.js';

const LAYER = 'VK_LAYER_WGRAD_pipelines';
/** The folder of libraries in Debian's packages. */
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';

/** The folders of a run. */
export interface Places {
  readonly root: string;
  /** Mesa's. */
  readonly mesa: string;
  /** That of the built scripts and of the layer. */
  readonly built: string;
  /** The file of Intel's no-op kernel driver, which is in no package. */
  readonly intel?: string | undefined;
}

/** Compiles the Vulkan layer into the folder of the built scripts. */
export async function buildLayer({ root, mesa, built }: Places): Promise<void> {
  const source = join(root, 'test/isa/mesa/pipeline-layer.c');
  const library = join(built, 'libpipeline_layer.so');
  const options = [
    '-O1',
    '-fPIC',
    '-shared',
    '-fvisibility=hidden',
    '-Wall',
    '-Werror',
    '-I',
    join(mesa, 'usr/include'),
  ];
  await mustRun('gcc', [...options, source, '-o', library]);
  const layer = {
    name: LAYER,
    type: 'GLOBAL',
    library_path: library,
    api_version: '1.4.300',
    implementation_version: '1',
    description: 'keeps what compilers make of pipelines',
  };
  writeFileSync(join(built, 'pipeline-layer.json'), JSON.stringify({ file_format_version: '1.2.0', layer }));
}

/** Returns the library that stands in for a chip's kernel driver; undefined if there is none. */
export function noOpDriver(
  { kernel, vendor }: Chip,
  { mesa, intel }: Pick<Places, 'mesa' | 'intel'>,
): string | undefined {
  const file = vendor === 'intel' ? intel : join(mesa, LIBRARIES, `lib${kernel}_noop_drm_shim.so`);
  return file !== undefined && existsSync(file) ? file : undefined;
}

/**
 * Compiles the texts of a folder, or the project's, for a chip: in a process of Node that runs on Mesa's libraries alone,
 * libc included. Writes into `out`.
 */
export async function compileOnChip(chip: Chip, places: Places, out: string, texts?: string): Promise<ChipReport> {
  const { mesa, built } = places;
  const driver = noOpDriver(chip, places);
  if (driver === undefined) throw new Error(`isa: ${chip.kernel} has no no-op kernel driver in ${mesa}`);
  mkdirSync(out, { recursive: true });
  const environment = {
    ...chip.environment,
    VK_DRIVER_FILES: join(mesa, 'usr/share/vulkan/icd.d', `${chip.driver}_icd.json`),
    VK_LAYER_PATH: built,
    VK_INSTANCE_LAYERS: LAYER,
    WGRAD_ISA_OUT: out,
    MESA_SHADER_CACHE_DISABLE: 'true',
    XDG_RUNTIME_DIR: built,
  };
  const loader = ['--preload', driver, '--library-path', join(mesa, LIBRARIES)];
  const script = [process.execPath, join(built, 'on-chip.js'), out, ...(texts === undefined ? [] : [texts])];
  await mustRun(join(mesa, 'usr/lib64/ld-linux-x86-64.so.2'), [...loader, ...script], environment);
  return JSON.parse(readFileSync(join(out, 'chip.json'), 'utf8'));
}
