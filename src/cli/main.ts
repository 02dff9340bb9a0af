#!/usr/bin/env node
import { nodeGpu } from '../node/index.js';

const adapter = await (await nodeGpu()).requestAdapter();
console.log(adapter?.info.description);
