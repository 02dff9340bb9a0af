import type { DeviceTraits } from '../../src/kernels/index.js';

/** A device whose subgroups have eight lanes, as lavapipe's. */
export const EIGHT_LANES: DeviceTraits = { software: true, vendor: '', subgroupMinSize: 8, subgroupMaxSize: 8 };
/** A device whose subgroups have four lanes, as SwiftShader's. */
export const FOUR_LANES: DeviceTraits = { software: true, vendor: '', subgroupMinSize: 4, subgroupMaxSize: 4 };
/** A GPU whose compiler chooses between subgroups of 8 and of 32 lanes, as Intel's. */
export const VARIED_LANES: DeviceTraits = { software: false, vendor: 'intel', subgroupMinSize: 8, subgroupMaxSize: 32 };
