import type { ChipReport, Compiled } from './chip-report.js';
import type { Measured } from './table.js';
import type { Text } from './texts.js';

/** Something that must not be, and the chips where it was seen. */
export interface RedFlag {
  readonly what: string;
  readonly text: Pick<Text, 'name' | 'title'>;
  readonly seen: readonly string[];
}

/** An inner loop is longer than its twin's from here on. */
const LONGER = 1.03;

/** Returns the fault of a text on a chip; undefined if all is well. */
type Look = (compiled: Compiled, chip: string) => string | undefined;

const instructionsPerMultiplyAdd = ({ loop }: Compiled): number | undefined =>
  loop && loop.inner.issued / loop.inner.multiplyAdds;

/** Returns the looks at a text that a GPU gets without asking; `bare` is the same variant of the same kernel alone. */
function looksAt(text: Text, bare: string | undefined, { compiled }: Measured): Record<string, Look> {
  return {
    'spills registers': ({ spills }) => (spills > 0 ? String(spills) : undefined),
    "uses a lane's own memory": ({ spills, own, ownBytes }) =>
      spills === 0 && (own.all > 0 || ownBytes > 0)
        ? `${own.inner} accesses in the inner loop, ${own.all} in all, ${ownBytes} bytes`
        : undefined,
    'has an inner loop longer than alone, in instructions a multiply-add': (result, chip) => {
      const alone = bare === undefined || bare === text.name ? undefined : compiled(chip, bare);
      const [mine, other] = [instructionsPerMultiplyAdd(result), alone && instructionsPerMultiplyAdd(alone)];
      if (mine === undefined || other === undefined || mine <= other * LONGER) return undefined;
      return `${mine.toFixed(2)} instead of ${other.toFixed(2)}`;
    },
  };
}

const NO_LOOP = 'has no loop that multiplies (does Mesa still print what test/isa/assembly reads?)';

/** Returns everything that must not be. */
export function redFlags(measured: Measured, reports: Readonly<Record<string, ChipReport>>): RedFlag[] {
  const { chips, texts, compiled, chosen } = measured;
  const flags: RedFlag[] = [];
  const flag = (what: string, text: Pick<Text, 'name' | 'title'>, look: (chip: string) => string | undefined) => {
    const seen = chips.flatMap((chip) => {
      const said = look(chip);
      return said === undefined ? [] : [`${chip} ${said}`.trimEnd()];
    });
    if (seen.length > 0) flags.push({ what, text, seen });
  };
  const flagCompiled = (what: string, text: Text, look: Look) =>
    flag(what, text, (chip) => {
      const result = compiled(chip, text.name);
      return result && look(result, chip);
    });

  const bare = new Map(texts.filter((each) => each.heading === 'bare').map((each) => [variantOf(each), each.name]));
  for (const text of texts) {
    flag('does not compile', text, (chip) => reports[chip].errors[text.name]?.split('\n')[0]);
    if (text.tile) flagCompiled(NO_LOOP, text, ({ loop }) => (loop ? undefined : ''));
    for (const [what, look] of Object.entries(looksAt(text, bare.get(variantOf(text)), measured))) {
      flagCompiled(what, text, (result, chip) => (chosen(chip, text.name) ? look(result, chip) : undefined));
    }
  }
  for (const text of texts.filter(({ name }) => name.includes('probe'))) {
    const fuses = (chip: string) =>
      texts.some((other) => other !== text && (compiled(chip, other.name)?.multiplyAdds ?? 0) > 0);
    flagCompiled(
      'fuses fewer multiply-adds than it writes, where kernels fuse',
      text,
      ({ multiplyAdds, written }, chip) =>
        multiplyAdds < written && fuses(chip) ? `${multiplyAdds} of ${written}` : undefined,
    );
  }
  flag('takes the GPU for a software device', { name: 'createEngine', title: 'createEngine' }, (chip) => {
    const { software, vendor, architecture } = reports[chip];
    return software ? `(${vendor} ${architecture})` : undefined;
  });
  return flags;
}

const variantOf = ({ kernel, variant }: Text) => `${kernel} ${variant}`;

/** Returns red flags as lines: what, and under it where. */
export function flagLines(flags: readonly RedFlag[]): string[] {
  if (flags.length === 0) return ['No red flags.'];
  const whats = [...new Set(flags.map(({ what }) => what))];
  return [
    `${flags.length} red flag${flags.length > 1 ? 's' : ''}`,
    ...whats.flatMap((what) => [
      `${what}:`,
      ...flags.filter((each) => each.what === what).map(({ text, seen }) => `  ${text.name}: ${seen.join('; ')}`),
    ]),
  ];
}
