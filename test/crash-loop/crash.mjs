// `npm run crash`: kills `wgrad train` and `wgrad tune` at random moments, 200 times unless --kills says otherwise. After
// each kill every file must be whole, and a run that goes on from a copy of them must end as one that was never stopped.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' }, cli: { type: 'string' } } });
const KILLS = Number(values.kills);
const CLI = values.cli ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT'];

/** Small networks on the CPU, which start fast, whose files take a while to write. */
const COMMON = ['--reference', '--preset', 'both', '--examples', '10', '--batch', '5', '--learning-rate', '1e-4'];
const PROGRAMS = {
  train: ['train', ...COMMON, '--hidden', '200', '--epochs', '20'],
  tune: ['tune', ...COMMON, '--hidden', '50', '--members', '4', '--epochs', '9', '--strategy', 'halving'],
};

const root = mkdtempSync(join(tmpdir(), 'wgrad-crash-'));
const filesIn = (folder) => ['--checkpoint', '--save', '--json'].flatMap((name) => [name, join(folder, name.slice(2))]);

/** Starts a command in a folder that it goes on in. */
function start(name, folder) {
  const child = spawn(process.execPath, [CLI, ...PROGRAMS[name], ...filesIn(folder), '--resume']);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data));
  const ended = new Promise((done) => child.on('close', (code, signal) => done({ code, signal, text })));
  return { child, ended };
}

async function finish(name, folder) {
  const { code, text } = await start(name, folder).ended;
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${text}`);
}

/** Throws unless a safetensors file is whole: its tensors fill it to the last byte. */
function checkSafetensors(path) {
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const { __metadata__: _, ...tensors } = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const end = Math.max(...Object.values(tensors).map(({ data_offsets: [, last] }) => last));
  if (8 + length + end !== bytes.length) throw new Error(`${path} has ${bytes.length} bytes, not ${8 + length + end}`);
}

/** Throws unless all files of a folder are whole; returns the number of temporary ones. */
function checkFolder(folder) {
  const names = readdirSync(folder);
  for (const name of names) {
    if (name === 'checkpoint' || name === 'save') checkSafetensors(join(folder, name));
    if (name === 'json') JSON.parse(readFileSync(join(folder, name), 'utf8'));
  }
  return names.filter((name) => name.startsWith('.')).length;
}

/** Returns the result of a folder without times and paths. */
function resultOf(folder) {
  const clock = ['seconds', 'stepMilliseconds', 'command'];
  const json = readFileSync(join(folder, 'json'), 'utf8');
  const timeless = JSON.parse(json, (name, value) => (clock.includes(name) ? undefined : value));
  return `${JSON.stringify(timeless)} ${readFileSync(join(folder, 'save')).toString('base64')}`;
}

const found = { kills: 0, writing: 0, resumed: 0, complete: 0, untouched: 0 };
const whole = {};
const times = {};
for (const name of Object.keys(PROGRAMS)) {
  const folder = join(root, `${name}-whole`);
  mkdirSync(folder);
  const began = performance.now();
  await finish(name, folder);
  times[name] = performance.now() - began;
  whole[name] = resultOf(folder);
}

/** Kills a run of a folder, checks its files, and lets a copy end. */
async function kill(name, folder, signal) {
  const before = checkFolder(folder);
  const { child, ended } = start(name, folder);
  await setTimeout(Math.random() * times[name]);
  child.kill(signal);
  const { code, signal: by, text } = await ended;
  if (code === 0) found.complete++;
  else if (code !== 130 && by !== signal) throw new Error(`${name}, ${signal}: ended with ${code} ${by}:\n${text}`);
  found.kills++;
  const left = checkFolder(folder);
  if (left > before && signal !== 'SIGKILL') throw new Error(`${name}: ${signal} left temporary files`);
  if (left > before) found.writing++;
  if (!existsSync(join(folder, 'checkpoint'))) found.untouched++;
  else found.resumed++;
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  await finish(name, copy);
  if (checkFolder(copy) > 0) throw new Error(`${name}: temporary files stayed`);
  if (resultOf(copy) !== whole[name]) throw new Error(`${name}, ${signal}: another result than without a kill`);
  rmSync(copy, { recursive: true });
  return code === 0;
}

let isComplete = true;
for (let i = 0; i < KILLS; i++) {
  const name = Object.keys(PROGRAMS)[i % 2];
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  isComplete = await kill(name, folder, SIGNALS[Math.floor(Math.random() * SIGNALS.length)]);
  if (isComplete || Math.random() < 0.2) rmSync(folder, { recursive: true });
  if ((i + 1) % 10 === 0) console.log(`${i + 1} kills: ${JSON.stringify(found)}`);
}
rmSync(root, { recursive: true });
console.log(`${found.kills} kills, ${found.writing} of them while a file was written; nothing lost`);
