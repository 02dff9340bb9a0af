import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
