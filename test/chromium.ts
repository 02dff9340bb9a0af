import { existsSync } from 'node:fs';
import { softwareVulkan } from '../src/node/software-vulkan.js';

const installed = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** The Chromium of the tests: an installed one, else that of the npm package `@sparticuz/chromium`. */
export const executablePath = installed.find((path) => path && existsSync(path)) ?? (await softwareVulkan())?.chromium;

/** The flags that make it offer WebGPU without a GPU. */
export const chromiumFlags = [
  '--no-sandbox', // containers and root
  '--disable-dev-shm-usage',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // Without these three a WebGPU canvas takes the GPU process down on a software GPU.
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  // Tests crash the GPU process on purpose; Chromium would refuse an adapter from the third crash on.
  '--disable-gpu-process-crash-limit',
  '--disable-domain-blocking-for-3d-apis',
];
