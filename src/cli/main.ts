#!/usr/bin/env node
import { reported } from './exit-code.js';
import { run } from './run.js';
import { terminalOf } from './terminal/terminal.js';

// Ignore EPIPE: the reader, such as `head`, closed the pipe.
process.stdout.on('error', (error: Error & { code?: string }) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await reported(() => run(process.argv.slice(2), terminalOf(process.stdout, process.env)));
