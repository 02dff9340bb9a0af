// The part of Vitest's interface that the tests of the fast suite use, so that they run in a process that plants mutants.
import {
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { format } from '@vitest/pretty-format';

/** A test as it was registered. */
export interface RegisteredTest {
  readonly name: string;
  readonly file: string;
  run(): Promise<void>;
}

type Row = readonly unknown[];
type Body = (...args: never[]) => unknown;

export const tests: RegisteredTest[] = [];
/** The hooks of a file. */
export const hooks = new Map<string, { before: (() => unknown)[]; after: (() => unknown)[] }>();
let file = '';
let around = '';

/** Registers what is imported meanwhile under a file's name. */
export async function registering(name: string, load: () => Promise<unknown>): Promise<void> {
  file = name;
  hooks.set(file, { before: [], after: [] });
  await load();
}

class Skipped extends Error {}
const skip = (condition: unknown = true) => {
  if (condition) throw new Skipped();
};

function register(name: string, body: Body, args: Row): void {
  const run = async () => {
    try {
      await (body as (...args: Row) => unknown)(...args);
    } catch (error) {
      if (!(error instanceof Skipped)) throw error;
    }
  };
  tests.push({ name: `${around}${name}`, file, run });
}

/** `name` with %s and $key as Vitest fills them in. */
function filled(name: string, row: unknown, args: Row): string {
  let next = 0;
  const named = name.replace(/%[sd]/g, () => String(args[next++]));
  return named.replace(/\$([\w.]+)/g, (_, path: string) => {
    const value = path.split('.').reduce<unknown>((of, key) => (of as Record<string, unknown>)?.[key], row);
    return String(value);
  });
}

const spread = (row: unknown): Row => (Array.isArray(row) ? row : [row]);
const each =
  (make: (name: string, body: Body, args: Row) => void, whole: boolean) =>
  (rows: readonly unknown[]) =>
  (name: string, body: Body) => {
    for (const row of rows) make(filled(name, row, spread(row)), body, whole ? [row, { skip }] : spread(row));
  };

export const test = Object.assign((name: string, body: Body) => register(name, body, [{ skip }]), {
  each: each(register, false),
  for: each(register, true),
});

function group(name: string, body: Body, args: Row = []): void {
  const outer = around;
  around = `${outer}${name} > `;
  (body as (...args: Row) => unknown)(...args);
  around = outer;
}
export const describe = Object.assign((name: string, body: Body) => group(name, body), { each: each(group, false) });

export const beforeAll = (hook: () => unknown) => hooks.get(file)?.before.push(hook);
export const afterAll = (hook: () => unknown) => hooks.get(file)?.after.push(hook);

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
export const expect = chai.expect;
/** JestExtend has added it; chai's types do not know. */
const extend = (all: object, matchers: object) =>
  Reflect.apply(Reflect.get(chai.expect, 'extend'), chai.expect, [all, matchers]);
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true });
setState({ ...getState(expect as never), assertionCalls: 0 }, expect as never);
extend(expect, customMatchers);
extend(expect, {
  toMatchInlineSnapshot(received: unknown, snapshot: string) {
    const plain = (text: string) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .join('\n')
        .trim();
    const got = format(received, { escapeString: false, printBasicPrototype: false });
    return { pass: plain(got) === plain(snapshot), message: () => 'the text is not the one that is written down' };
  },
});
