#!/usr/bin/env node
import { EXIT, reported } from './exit-code.js';
import { run } from './run.js';
import { terminalOf } from './terminal/terminal.js';

// Ignore EPIPE: the reader, such as `head`, closed the pipe, and EIO: the terminal was closed. Files are written all the same.
const NOBODY_READS = ['EPIPE', 'EIO'];
let isCut = false;
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isCut || NOBODY_READS.includes(error.code ?? '')) return;
  isCut = true;
  console.error(`wgrad: cannot write to stdout: ${error.message}`);
});

const code = await reported(() => run(process.argv.slice(2), terminalOf(process.stdout, process.env)));
process.exitCode = code;
process.on('exit', () => {
  if (isCut && code === EXIT.ok) process.exitCode = EXIT.unwritten;
});
