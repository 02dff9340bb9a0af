import { show } from '../errors/arguments.js';

/** Functions that WGSL has itself and that the functions of ops may call, its keywords and types, and names of every shader. */
const TAKEN = new Set(
  `abs acos acosh all any asin asinh atan atan2 atanh ceil clamp cos cosh cross degrees determinant distance dot exp exp2
  faceForward floor fma fract frexp inverseSqrt ldexp length log log2 max min mix modf normalize pow radians reflect refract
  round saturate select sign sin sinh smoothstep sqrt step tan tanh transpose trunc bitcast array bool f16 f32 i32 u32 vec2f
  vec3f vec4f vec2u vec4u alias break case const continue continuing default diagnostic discard else enable false fn for if
  let loop override requires return struct switch true var while
  accumulate dims flag flags inside main philox ring table value`.split(/\s+/),
);

/** Refuses a name of an op that WGSL or the shaders use. @throws TypeError or RangeError naming it */
export function checkName(where: string, name: unknown): asserts name is string {
  const message = `${where}: name must be a lower-case letter, then letters and digits, got ${show(name)}`;
  if (typeof name !== 'string') throw new TypeError(message);
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) throw new RangeError(message);
  if (TAKEN.has(name))
    throw new RangeError(`${where}: name must not be a name of WGSL or of the shaders, got '${name}'`);
}

const RANDOM_PARAMETERS = 'at: Place, source: u32';
const OPERAND = /^\s*([a-zA-Z]\w*)\s*:\s*(?:vec4f|vec4<f32>)\s*$/;

/**
 * Returns the operands of an op's function, in order.
 * @throws TypeError or RangeError if the text is not one function of that name from `vec4f` to `vec4f`, with the place and the
 * source of random words behind the operands if it `isRandom`
 */
export function operandsOf(where: string, name: string, wgsl: unknown, isRandom: boolean): string[] {
  if (typeof wgsl !== 'string') throw new TypeError(`${where}: wgsl must be a string, got ${show(wgsl)}`);
  const code = wgsl.replace(/\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  const found = /^\s*fn\s+(\w+)\s*\(([^)]*?),?\s*\)\s*->\s*(?:vec4f|vec4<f32>)\s*\{/.exec(code);
  const list = found?.[2].split(',') ?? [];
  const last = isRandom ? list.splice(-2).map((each) => each.replace(/\s+/g, '').replace(':', ': ')) : [];
  const parameters = list.map((each) => OPERAND.exec(each)?.[1]);
  const isOne = /\}\s*$/.test(code) && code.match(/\bfn\b/g)?.length === 1;
  const isWhole = found?.[1] === name && last.join(', ') === (isRandom ? RANDOM_PARAMETERS : '');
  if (!isWhole || !isOne || list.length === 0 || parameters.includes(undefined)) {
    const wanted = `fn ${name}(x: vec4f, ...${isRandom ? `, ${RANDOM_PARAMETERS}` : ''}) -> vec4f { ... }`;
    throw new RangeError(`${where}: wgsl must be one function \`${wanted}\`, got ${show(wgsl.trim().split('\n')[0])}`);
  }
  return parameters.filter((each) => each !== undefined);
}
