import { KERNEL_BUGS } from './bugs.js';
import { inTiles, NOTHING, testKernelBugs } from './expect-noticed.js';

testKernelBugs(KERNEL_BUGS.filter(inTiles).map((each) => ({ ...each, bugs: [NOTHING, ...each.bugs.slice(1)] })));
