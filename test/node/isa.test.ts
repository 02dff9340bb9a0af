import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countShader, type Loop, type ShaderCounts } from '../isa/assembly/counts.js';
import { READERS } from '../isa/assembly/readers.js';
import { type ChipReport, type Compiled, sharesOf } from '../isa/chip-report.js';
import type { Vendor } from '../isa/chips.js';
import { readIsaOptions } from '../isa/isa-options.js';
import { productLoop } from '../isa/product-loop.js';
import { redFlags } from '../isa/red-flags.js';
import { fallen, type Shares, sharesText, withTable } from '../isa/shares.js';
import { cellOf } from '../isa/table.js';
import type { Text } from '../isa/texts.js';

/** A compiler's recorded output, and lines to plant in its inner loop after one that is there. */
interface Recorded {
  readonly vendor: Vendor;
  readonly inner: { readonly issued: number; readonly vector: number; readonly multiplyAdds: number };
  /** The start of a line of the inner loop. */
  readonly after: string;
  /** An access of a lane's own memory. */
  readonly own: string;
  /** An instruction of the vector unit that does nothing for the product. */
  readonly idle: string;
}

/**
 * The loops of the product `tiled` of 2026-11-29 (32 x 32 by 64 lanes), without most of what stages. Intel's is written by hand in
 * the form that its compiler prints: its no-op kernel driver is in no package.
 */
const RECORDED: readonly Recorded[] = [
  {
    vendor: 'amd',
    inner: { issued: 39, vector: 23, multiplyAdds: 16 },
    after: '\tv_fmac_f32_e32 v6, v23, v26',
    own: '\tscratch_load_b32 v60, off, s0',
    idle: '\tv_mov_b32_e32 v60, v61',
  },
  {
    vendor: 'nvidia',
    inner: { issued: 36, vector: 24, multiplyAdds: 16 },
    after: '      r17     = ffma.ftz',
    own: '      r60     = ld.local.b32 [r61]',
    idle: '      r60     = mov r61',
  },
  {
    vendor: 'qualcomm',
    inner: { issued: 39, vector: 23, multiplyAdds: 16 },
    after: 'mad.f32 r7.y',
    own: 'ldp.u32 r20.x, p[r0.x], 1',
    idle: 'mov.u32u32 r20.x, r20.y',
  },
  {
    vendor: 'apple',
    inner: { issued: 36, vector: 31, multiplyAdds: 16 },
    after: ' d8a: 3ad98802296c0205',
    own: ' d8c: 3ad9            stack_load r60, 0, i32, x',
    idle: ' d8c: 3ad9            mov r60, r61',
  },
  {
    vendor: 'intel',
    inner: { issued: 7, vector: 4, multiplyAdds: 2 },
    after: 'mad(16)         g30<1>F',
    own: 'send(16) g50UD g51UD nullUD 0x0 0x0\n    scratch MsgDesc: ( load, a32, d32, V1 )',
    idle: 'mov(16)         g50<1>UD        g51<1,1,0>UD { align1 1H };',
  },
];

const record = (vendor: Vendor) => readFileSync(new URL(`../isa/recorded/${vendor}.asm`, import.meta.url), 'utf8');

/** Counts an assembly with `line` after the first line that begins with `after`. */
function planted({ vendor, after }: Recorded, line: string): ShaderCounts {
  const lines = record(vendor).split('\n');
  const at = lines.findIndex((each) => each.startsWith(after));
  expect(at).toBeGreaterThan(0);
  return countShader(READERS[vendor](lines.toSpliced(at + 1, 0, line).join('\n')));
}

const innerOf = ({ loops }: ShaderCounts): Loop['own'] => {
  const inner = loops.find(({ innermost, own }) => innermost && own.multiplyAdds > 0);
  if (!inner) throw new Error('there is no loop that multiplies');
  return inner.own;
};

describe.each(RECORDED)('the assembly of $vendor', (recorded) => {
  const { vendor, inner } = recorded;
  const counts = countShader(READERS[vendor](record(vendor)));

  test('has a loop that multiplies inside one that stages', () => {
    expect(innerOf(counts)).toMatchObject({ ...inner, own: 0, sharedStores: 0 });
    expect(counts.loops).toHaveLength(2);
    expect(counts.loops.filter(({ own }) => own.sharedStores > 0)).toHaveLength(1);
  });

  test('shows an access of local memory that is planted in the loop', () => {
    expect(innerOf(planted(recorded, recorded.own)).own).toBe(1);
  });

  test('shows a longer loop', () => {
    const { issued, vector, multiplyAdds } = innerOf(planted(recorded, recorded.idle));
    expect({ issued, vector, multiplyAdds }).toEqual({
      issued: inner.issued + 1,
      vector: inner.vector + 1,
      multiplyAdds: inner.multiplyAdds,
    });
  });

  test('counts a turn over k with what it stages, by the tile', () => {
    const loop = productLoop(counts, { lanes: 64, sharedBytes: 0, multiplyAdds: 0 }, [32, 32, 8]);
    if (!loop) throw new Error('there is no loop that multiplies');
    const outer = counts.loops.find(({ own }) => own.sharedStores > 0);
    const turns = (32 * 32 * 8) / 64 / inner.multiplyAdds;
    expect(loop.whole).toBe(true);
    expect(loop.turn.issued).toBe((outer?.own.issued ?? 0) + turns * inner.issued);
    const [before] = sharesOf(loop);
    const longer = productLoop(
      planted(recorded, recorded.idle),
      { lanes: 64, sharedBytes: 0, multiplyAdds: 0 },
      [32, 32, 8],
    );
    expect(longer && sharesOf(longer)[0]).toBeLessThan(before);
  });
});

test('a loop of one block, without jumps around it, is found', () => {
  const { loops } = countShader(
    READERS.amd('BB0:\n\tv_mov_b32 v0, 0\nBB1:\n\tv_fmac_f32 v1, v2, v3\n\ts_cbranch_scc0 BB1\n\ts_endpgm'),
  );
  expect(loops.map(({ own }) => [own.issued, own.multiplyAdds])).toEqual([[2, 1]]);
});

describe('red flags', () => {
  const text = (name: string, more: Partial<Text> = {}): Text => ({
    name,
    heading: 'bare',
    title: name,
    wgsl: '',
    kernel: 'matmul-nn',
    variant: 'tiled',
    chosen: true,
    tile: [32, 32],
    ...more,
  });
  const counts = { issued: 40, vector: 20, multiplyAdds: 16, own: 0, sharedStores: 0, sharedWords: 0 };
  const compiled = (more: Partial<Compiled> = {}, issued = 40): Compiled => ({
    lanes: 64,
    sharedBytes: 8192,
    registers: 48,
    waves: 40,
    spills: 0,
    ownBytes: 0,
    own: { inner: 0, all: 0 },
    issued: 700,
    multiplyAdds: 64,
    written: 64,
    loop: { inner: { ...counts, issued }, turn: { ...counts, issued }, whole: true },
    ...more,
  });
  const report: ChipReport = {
    vendor: 'v',
    architecture: 'a',
    description: '',
    software: false,
    errors: {},
    texts: [],
  };
  const flagsOf = (results: Readonly<Record<string, [Text, Compiled | undefined]>>, chip: ChipReport = report) =>
    redFlags(
      {
        chips: ['ga102'],
        texts: Object.values(results).map(([each]) => each),
        compiled: (_, name) => results[name]?.[1],
        chosen: (_, name) => results[name]?.[0].chosen ?? false,
      },
      { ga102: chip },
    ).map(({ what, text: { name }, seen }) => `${name} ${what}: ${seen}`);
  const bare: [Text, Compiled] = [text('bare'), compiled()];
  const fused = text('fused', { heading: 'large' });

  test.each<[string, Parameters<typeof flagsOf>, string[]]>([
    ['nothing', [{ bare, fused: [fused, compiled()] }], []],
    [
      'spills',
      [{ bare: [text('bare'), compiled({ spills: 8, own: { inner: 1, all: 8 } })] }],
      ['bare spills registers: ga102 8'],
    ],
    [
      'local memory',
      [{ bare: [text('bare'), compiled({ own: { inner: 8, all: 13 }, ownBytes: 64 })] }],
      ["bare uses a lane's own memory: ga102 8 accesses in the inner loop, 13 in all, 64 bytes"],
    ],
    ['nothing where nobody gets it', [{ bare: [text('bare', { chosen: false }), compiled({ spills: 8 })] }], []],
    [
      'a longer loop',
      [{ bare, fused: [fused, compiled({}, 42)] }],
      ['fused has an inner loop longer than alone, in instructions a multiply-add: ga102 2.63 instead of 2.50'],
    ],
    ['no longer loop within 3 %', [{ bare, fused: [fused, compiled({}, 41)] }], []],
    [
      'no loop',
      [{ bare: [text('bare'), compiled({ loop: undefined })] }],
      ['bare has no loop that multiplies (does Mesa still print what test/isa/assembly reads?): ga102'],
    ],
    [
      'the probe',
      [
        {
          bare,
          probe: [text('probe', { tile: undefined, heading: 'lone' }), compiled({ multiplyAdds: 1, written: 2 })],
        },
      ],
      ['probe fuses fewer multiply-adds than it writes, where kernels fuse: ga102 1 of 2'],
    ],
    [
      'a refused text',
      [{ bare: [text('bare'), undefined] }, { ...report, errors: { bare: 'line 3: no\nmore' } }],
      ['bare does not compile: ga102 line 3: no'],
    ],
    [
      'software',
      [{ bare }, { ...report, software: true }],
      ['createEngine takes the GPU for a software device: ga102 (v a)'],
    ],
  ])('%s', (_, given, wanted) => {
    expect(flagsOf(...given)).toEqual(wanted);
  });

  test('cells', () => {
    expect(cellOf(compiled({ own: { inner: 8, all: 13 }, spills: 2 }))).toBe(' 40/80   48/40 S2 L8+5');
    expect(cellOf(compiled({ waves: undefined, loop: undefined }))).toBe('-        48');
    expect(cellOf(undefined)).toBe('-');
  });
});

test('a share that falls by more than two points is told, and one that is gone', () => {
  const before = { mesa: '1', shares: { a: { m1: [50, 60], ga102: [50, 60] }, b: { m1: [1, 2] } } } as const;
  const now = { mesa: '1', shares: { a: { m1: [48, 58], ga102: [51, 57.9] } } } as const;
  expect(fallen(before, now, ['m1', 'ga102'])).toEqual([
    'a on ga102: 50.0/60.0 before, 51.0/57.9 now',
    'b is not rendered any more',
  ]);
  expect(fallen(before, { ...now, shares: { ...now.shares, b: { m1: [1, 2] } } }, ['m1'])).toEqual([]);
});

test('docs/kernels.md has the table of shares.json', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const shares: Shares = JSON.parse(read('../isa/shares.json'));
  expect(sharesText(shares)).toBe(read('../isa/shares.json'));
  const document = read('../../docs/kernels.md');
  expect(withTable(document, shares)).toBe(document);
  expect(() => withTable('no marks', shares)).toThrow('isa: docs/kernels.md has no place for the table');
});

test.each([
  [['--chips', 'navi99'], /--chips must be one of 'navi21', .*, got "navi99"/],
  [['--chips', 'dg2'], /--chips: those of Intel need --intel/],
  [['--texts', 'no-such-folder'], /--texts: there is no folder no-such-folder with WGSL files/],
  [['--only', '('], /--only must be a regular expression, got "\("/],
  [['--write', '--only', 'mnist'], /--write writes the whole table, without --chips, --only and --texts/],
  [['--intel', 'no-such-file'], /--intel: there is no file no-such-file/],
])('npm run isa refuses %j', (args, message) => {
  expect(() => readIsaOptions(args)).toThrow(message);
});
