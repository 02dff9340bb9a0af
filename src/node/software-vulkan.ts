import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The files of a software GPU, unpacked from `@sparticuz/chromium`. */
export interface SoftwareVulkan {
  /** The folder that holds the files. */
  readonly folder: string;
  /** The manifest of the SwiftShader driver: a value for VK_DRIVER_FILES. */
  readonly driver: string;
  /** The Vulkan loader that goes with it. */
  readonly loader: string;
  /** A headless Chromium that uses the same driver. */
  readonly chromium: string;
}

/**
 * Returns the software GPU inside the npm package `@sparticuz/chromium`, unpacked once per user and version into the
 * folder for temporary files (about 200 MB, 3 s); undefined where the package is not installed or does not support this
 * machine.
 */
export async function softwareVulkan(): Promise<SoftwareVulkan | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const entry = findPackage('@sparticuz/chromium');
  if (entry === undefined) return undefined;
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../../package.json'), 'utf8'));
  const { uid } = userInfo();
  const folder = join(tmpdir(), `wgrad-chromium-${version}-${uid}`);
  const files: SoftwareVulkan = {
    folder,
    driver: join(folder, 'vk_swiftshader_icd.json'),
    loader: join(folder, 'libvulkan.so.1'),
    chromium: join(folder, 'chromium'),
  };
  if (!existsSync(files.driver)) await unpack(entry, folder);
  // Code from this folder is loaded into the process, so nobody else may have made it.
  if ((await stat(folder)).uid !== uid) throw new Error(`wgrad/node: ${folder} belongs to another user`);
  return files;
}

/** Returns the file that `require` would load for a package, or undefined if it is not installed. */
function findPackage(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

/** Unpacks into a folder of its own, by a process whose TMPDIR it is, and renames that folder once it is complete. */
async function unpack(entry: string, folder: string): Promise<void> {
  await mkdir(tmpdir(), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  const script = 'const chromium = require(process.argv[1]); (chromium.default ?? chromium).executablePath()';
  const env = { ...process.env, TMPDIR: staging };
  try {
    await promisify(execFile)(process.execPath, ['-e', script, entry], { env });
    await rename(staging, folder);
  } catch (cause) {
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(folder)) throw cause; // otherwise another process was faster
  }
}

/**
 * Makes Vulkan use `files` in this process and in those that it starts. From a worker thread the variables do not reach
 * the driver: there it works only after the main thread has done it, or if the process was started with them.
 */
export function useSoftwareVulkan(files: SoftwareVulkan): void {
  process.env.VK_DRIVER_FILES = files.driver;
  process.env.VK_ICD_FILENAMES = files.driver; // the same variable's name before Vulkan loader 1.3.207
  if (loaderIsLoaded()) return;
  // The dynamic linker reads LD_LIBRARY_PATH only when a process starts, but it finds a library that is already loaded
  // under the name that Dawn asks for. dlopen loads the library before it complains that it is no Node addon; RTLD_NODELETE keeps it loaded.
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, files.loader, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    if (!loaderIsLoaded()) throw error;
  }
}

function loaderIsLoaded(): boolean {
  return readFileSync('/proc/self/maps', 'utf8').includes('/libvulkan.so.1');
}

/**
 * True if this machine has a Vulkan loader and a driver's manifest, so that asking Dawn makes sense; without a loader
 * it would complain on stderr. Only Dawn can say if it accepts the driver. Always true outside Linux.
 */
export function hasVulkan(): boolean {
  return process.platform !== 'linux' || (hasLoader() && hasDriver());
}

function hasLoader(): boolean {
  const folders = process.env.LD_LIBRARY_PATH?.split(':') ?? [];
  if (folders.some((folder) => existsSync(join(folder || '.', 'libvulkan.so.1')))) return true;
  try {
    return readFileSync('/etc/ld.so.cache').includes('libvulkan.so.1');
  } catch {
    return false;
  }
}

function hasDriver(): boolean {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES, HOME = '/root' } = process.env;
  if (VK_DRIVER_FILES ?? VK_ICD_FILENAMES) return true;
  const roots = ['/etc', '/usr/share', '/usr/local/etc', '/usr/local/share', join(HOME, '.local/share')];
  roots.push('/run/opengl-driver/share'); // NixOS
  return roots.some((root) => {
    try {
      return readdirSync(join(root, 'vulkan/icd.d')).some((file) => file.endsWith('.json'));
    } catch {
      return false;
    }
  });
}
