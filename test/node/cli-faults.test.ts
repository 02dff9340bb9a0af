import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/cli/train/run-result.js';
import { readSafetensors } from '../../src/data/safetensors.js';
import { scratchFolder } from './scratch-folder.js';
import { type Ended, readJson, wgrad } from './wgrad.js';

// Processes of their own, on the CPU: nothing starts faster.

const scratch = await scratchFolder();
beforeAll(() => {
  if (!existsSync('dist/cli.js')) throw new Error('cli-faults.test: run npm run build first');
});

/** Returns a new folder. */
async function folderOf(name: string): Promise<(file: string) => string> {
  await mkdir(join(scratch, name));
  return (file) => join(scratch, name, file);
}

/** Starts a program; `ended` resolves when it has. */
function start(program: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(program, args);
  const found: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    found.stdout += data;
  });
  child.stderr.on('data', (data) => {
    found.stderr += data;
  });
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ ...found, code })));
  return { child, ended };
}

const CLI = join(process.cwd(), 'dist/cli.js');
const cli = (...args: string[]) => start(process.execPath, [CLI, ...args]);
const read = (path: string) => readJson<RunResult>(path);

/** The part of a result that depends neither on the clock nor on the names of files. */
const timeless = ({ seconds: _, stepMilliseconds: _s, command: _c, epochs, ...rest }: RunResult) => ({
  ...rest,
  epochs: epochs.map(({ seconds: _, stepMilliseconds: _s, ...epoch }) => epoch),
});

const TRAIN = ['train', '--reference', '--preset', 'both'];
const TUNE = ['tune', '--reference', '--preset', 'both', '--members', '2', '--batch', '10', '--examples', '10'];

describe('killed while a file is written', () => {
  /** Kills a process once it writes over `file`, the only one of its folder, or beside it; returns the files there. */
  async function killWhileWriting(args: readonly string[], folder: string, file: string): Promise<string[]> {
    const { child, ended } = cli(...args);
    let isOver = false;
    const over = ended.then(() => {
      isOver = true;
    });
    for (let size = 0; !isOver; await setImmediate()) {
      const now = existsSync(file) ? statSync(file).size : 0;
      if (now < size || (now > 0 && readdirSync(folder).length > 1)) break;
      size = now;
    }
    child.kill('SIGKILL');
    await over;
    if ((await ended).code !== null) throw new Error(`it ended before it was killed: ${(await ended).stderr}`);
    return readdir(folder);
  }

  // Wide layers on few examples: a megabyte a file, and epochs of milliseconds.
  test.each([
    ['train', [...TRAIN, '--hidden', '20000', '--learning-rate', '1e-7', '--examples', '1', '--batch', '1']],
    ['tune', [...TUNE, '--hidden', '5000', '--learning-rate', '1e-7']],
  ])('%s leaves a checkpoint that is whole, and the next run removes the rest', async (name, args) => {
    const at = await folderOf(`kill-${name}`);
    const file = at('checkpoint');
    const goOn = [...args, '--epochs', '100000', '--checkpoint', file, '--resume'];
    let caught = 0;
    // A kill may come a moment late, when the new file is there already.
    for (let i = 0; caught < 3 && i < 20; i++) {
      const files = await killWhileWriting(goOn, at(''), file);
      expect(files.length).toBeLessThanOrEqual(2);
      expect(readSafetensors(await readFile(file)).metadata.format).toMatch(/^wgrad (checkpoint 2|saved search 1)$/);
      if (files.length === 2) caught++;
    }
    expect(caught).toBe(3);
  });
});

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  /** Runs the command line where no file may grow beyond so many bytes. */
  const limited = (bytes: number, ...args: string[]) =>
    start('sh', ['-c', `ulimit -f ${bytes / 512} && exec "$0" "$@"`, process.execPath, CLI, ...args]).ended;

  test('a file that does not fit is named, the old one stays, and the others are written', async () => {
    const at = await folderOf('full');
    await writeFile(at('run.json'), 'old');
    const files = ['--json', at('run.json'), '--report', at('run.html'), '--save', at('run.safetensors')];
    const { code, stderr, stdout } = await limited(4096, ...TRAIN, '--epochs', '50', ...files);
    expect(code).toBe(6);
    expect(stderr).toMatch(
      /^wgrad: --json: cannot write .*run\.json: EFBIG: .*\nwgrad: --report: cannot write .*run\.html: EFBIG: .*\n$/,
    );
    expect(stdout).toMatch(/^Written +\S+run\.safetensors$/m);
    expect(await readFile(at('run.json'), 'utf8')).toBe('old');
    expect((await readdir(at(''))).sort()).toEqual(['run.json', 'run.safetensors']);
    expect(readSafetensors(await readFile(at('run.safetensors'))).metadata.step).toBe('50');
  });

  test('training goes on when a checkpoint does not fit, and the last one that did is whole', async () => {
    const at = await folderOf('full-checkpoint');
    const args = [...TRAIN, '--epochs', '50', '--checkpoint', at('checkpoint')];
    const { code, stderr, stdout } = await limited(8192, ...args);
    expect(code).toBe(6);
    expect(stderr).toMatch(/^wgrad: --checkpoint: cannot write .*: EFBIG: .*\n$/);
    expect(await readdir(at(''))).toEqual(['checkpoint']);
    const resumed = await cli(...args, '--resume').ended;
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toMatch(/^Resumed +after [1-4]\d of 50 epochs$/m);
    const weights = /^Weights +sha256 .*$/m;
    expect(resumed.stdout.match(weights)?.[0]).toBe(stdout.match(weights)?.[0]);
  });

  test.runIf(existsSync('/dev/full'))('text that cannot be printed is told, and the files are written', async () => {
    const at = await folderOf('full-text');
    const args = [...TRAIN, '--epochs', '2', '--json', at('run.json')];
    const { code, stderr } = await start('sh', ['-c', 'exec "$0" "$@" > /dev/full', process.execPath, CLI, ...args])
      .ended;
    expect([code, stderr]).toEqual([6, expect.stringMatching(/^wgrad: cannot write to stdout: ENOSPC: .*\n$/)]);
    expect((await read(at('run.json'))).epochs).toHaveLength(2);
  });
});

test('a reader that closes the pipe loses the text alone', async () => {
  const at = await folderOf('pipe');
  const { child, ended } = cli(...TRAIN, '--epochs', '300', '--json', at('run.json'), '--save', at('run.safetensors'));
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  expect(await read(at('run.json'))).toMatchObject({ status: 'complete', steps: 300 });
  expect((await readdir(at(''))).sort()).toEqual(['run.html', 'run.json', 'run.safetensors']);
});

describe.skipIf(process.platform === 'win32')('a signal', () => {
  const args = [...TRAIN, '--batch', '10', '--epochs', '400'];
  let whole: RunResult;
  beforeAll(async () => {
    const json = join(scratch, 'whole.json');
    await cli(...args, '--json', json).ended;
    whole = await read(json);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s, sent twice as npm does, stops and saves, and the run goes on to the same end',
    async (name) => {
      const at = await folderOf(name);
      const files = ['--checkpoint', at('checkpoint'), '--every', '1000', '--json', at('run.json')];
      const { child, ended } = cli(...args, ...files, '--save', at('run.safetensors'));
      child.stdout?.on('data', (text) => {
        if (!`${text}`.includes('epoch  40/400')) return;
        child.kill(name);
        child.kill(name);
      });
      const stopped = await ended;
      expect(stopped).toMatchObject({ code: 130, stderr: '' });
      expect(stopped.stdout).toMatch(/^Stopped in epoch \d+ of 400, .*\. --resume goes on from here\.$/m);
      expect(await read(at('run.json'))).toMatchObject({ status: 'aborted', testLoss: null });
      expect((await readdir(at(''))).sort()).toEqual(['checkpoint', 'run.html', 'run.json', 'run.safetensors']);
      expect(await cli(...args, ...files, '--resume').ended).toMatchObject({ code: 0, stderr: '' });
      expect(timeless(await read(at('run.json')))).toEqual(timeless(whole));
    },
  );
});

describe('places are tried before anything is trained', () => {
  const file = join(scratch, 'there.json');
  beforeAll(() => writeFile(file, '{}'));

  test.each([
    [['--json', '/none/x.json'], '--json: there is no directory /none'],
    [['--save', scratch], `--save: cannot write ${scratch}: it is a directory`],
    [['--checkpoint', file], `--checkpoint: ${file} is there already; add --resume to go on from it, or remove it`],
    [['--checkpoint', '/dev/null'], '--checkpoint: /dev/null is no regular file'],
    [['--json', file, '--save', file], `--json and --save both name ${file}`],
    [['--every', '2'], '--every is for --checkpoint'],
    [['--resume'], '--resume goes on from the file of --checkpoint, and there is none'],
  ])('%j', async (args, message) => {
    for (const command of [TRAIN, TUNE]) {
      const stderr = `wgrad ${command[0]}: ${message}\n"wgrad ${command[0]} --help" explains the options.\n`;
      expect(await wgrad([...command, ...args].join(' '))).toEqual({ code: 2, stdout: '', stderr });
    }
  });

  test.runIf(existsSync('/sys/kernel'))('a folder that takes no files', async () => {
    const { code, stdout, stderr } = await wgrad(`${TRAIN.join(' ')} --json /sys/x.json`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^wgrad train: --json: cannot write \/sys\/x\.json: E/);
  });
});

describe('--resume', () => {
  test('goes on from an epoch, also to more of them, and does nothing once all are done', async () => {
    const at = await folderOf('resume');
    const run = (epochs: number, ...more: string[]) => wgrad([...TRAIN, '--epochs', `${epochs}`, ...more].join(' '));
    const files = ['--checkpoint', at('checkpoint'), '--resume', '--json', at('run.json')];
    expect(await run(9, '--json', at('whole.json'))).toMatchObject({ code: 0 });
    const whole = timeless(await read(at('whole.json')));
    for (const epochs of [2, 5, 9, 9]) expect(await run(epochs, ...files)).toMatchObject({ code: 0, stderr: '' });
    expect(timeless(await read(at('run.json')))).toEqual(whole);
  });

  test.each([
    [['--l2', '0.5'], 'with --l2 0.01, and now it is 0.5'],
    [['--hidden', '10,10'], 'with --hidden 10, and now it is 10,10'],
    [['--seed', '1'], 'with --seed 0, and now it is 1'],
    [['--epochs', '1'], 'has 2 epochs, more than --epochs 1'],
  ])('refuses a checkpoint of another run: %j', async (args, message) => {
    const file = join(scratch, 'other');
    const begin = [...TRAIN, '--checkpoint', file, '--resume'];
    if (!existsSync(file)) await wgrad([...begin, '--epochs', '2'].join(' '));
    const epochs = args.includes('--epochs') ? [] : ['--epochs', '2'];
    const { code, stderr } = await wgrad([...begin, ...epochs, ...args].join(' '));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('refuses a file that is none or is damaged', async () => {
    const at = await folderOf('damaged');
    const resume = () => wgrad(`${TRAIN.join(' ')} --epochs 2 --checkpoint ${at('file')} --resume`);
    await writeFile(at('file'), 'text');
    expect(await resume()).toMatchObject({ code: 2, stdout: '' });
    await wgrad(`${TRAIN.join(' ')} --epochs 2 --save ${at('saved')}`);
    await writeFile(at('file'), await readFile(at('saved')));
    expect((await resume()).stderr).toContain('was not written by wgrad train --checkpoint');
    await rm(at('file'));
    await resume();
    const bytes = await readFile(at('file'), 'latin1');
    await writeFile(at('file'), bytes.replace('trainLoss', 'trainLess'), 'latin1');
    expect(await resume()).toMatchObject({ code: 2, stdout: '' });
  });
});
