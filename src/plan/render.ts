import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { suggestion } from '../errors/arguments.js';

/** Values that a shader's text asks for by name: text and numbers to insert, conditions for its `#if`. */
export type ShaderParameters = Readonly<Record<string, string | number | boolean>>;

/**
 * Returns the final WGSL of a `.wgsl` text: every `${name}` replaced by its parameter, every `#if ${name}` resolved.
 * Inserted text is not scanned again. `name` is the shader's, for the messages.
 * @throws Error if the text names a parameter that is not given, if a given one is not named in the text, if a number is
 * not finite, or if the text's `#if` and `#endif` do not match.
 */
export function render(name: string, text: string, parameters: ShaderParameters): string {
  const pieces = text.split(/\$\{([^}]*)\}/); // text, name, text, name, ..., text
  const strings = pieces.filter((_, index) => index % 2 === 0);
  const names = pieces.filter((_, index) => index % 2 === 1);
  const given = Object.keys(parameters);
  for (const used of names) {
    if (!given.includes(used)) {
      throw new Error(`shader ${name}: the text uses \${${used}}, which is not given${suggestion(used, given)}`);
    }
  }
  for (const each of given) {
    if (!names.includes(each)) {
      throw new Error(`shader ${name}: parameter ${each} is not used in the text${suggestion(each, names)}`);
    }
    const value = parameters[each];
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new Error(`shader ${name}: parameter ${each} must be finite, got ${value}`);
    }
  }
  const values = names.map((used) => parameters[used]);
  return collapseEmptyLines(preprocess(name, strings, values));
}

function preprocess(name: string, strings: string[], values: (string | number | boolean)[]): string {
  try {
    return wgsl(strings, ...values);
  } catch (cause) {
    throw new Error(`shader ${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Leaves one empty line where an `#if` that was left out had several around it. */
function collapseEmptyLines(text: string): string {
  return text.replace(/\n(?:[ \t]*\n){2,}/g, '\n\n').replace(/^\s*\n/, '');
}
