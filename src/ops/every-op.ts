import * as ops from './index.js';
import type { Op } from './tensor.js';

const isOp = (value: unknown): value is Op => typeof value === 'object' && value !== null && 'kind' in value;

/** Every op that a family exports: leaves, elementwise, structural. A page that imports this list loads all of them. */
export const OPS: readonly Op[] = Object.values<unknown>(ops).filter(isOp);
