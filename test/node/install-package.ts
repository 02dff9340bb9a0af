import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Packs the built package, installs it into a project of its own in `folder`, and returns the path of the tarball. */
export async function installPackage(folder: string): Promise<string> {
  if (!existsSync('dist/index.d.ts')) throw new Error('installPackage: run npm run build first');
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  const tarball = join(folder, JSON.parse(stdout)[0].filename);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  await run('npm', ['install', tarball, '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  return tarball;
}
