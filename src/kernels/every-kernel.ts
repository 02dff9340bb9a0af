import { gpuProducts } from './gpu-products.js';
import { kernelsWith } from './index.js';
import { softwareProducts } from './software-products.js';

/** The kernels with every variant of products: for verifying, tuning and tests. */
export const KERNELS = kernelsWith((form) => [...softwareProducts(form), ...gpuProducts(form)]);
