import type { Vendor } from '../chips.js';
import type { Reader } from './listing.js';
import { readAmd } from './read-amd.js';
import { readApple } from './read-apple.js';
import { readIntel } from './read-intel.js';
import { readNvidia } from './read-nvidia.js';
import { readQualcomm } from './read-qualcomm.js';

/** The reader of each vendor's assembly. */
export const READERS: Readonly<Record<Vendor, Reader>> = {
  amd: readAmd,
  nvidia: readNvidia,
  qualcomm: readQualcomm,
  apple: readApple,
  intel: readIntel,
};
