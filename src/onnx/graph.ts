import { encodeMessage, type Message } from './message.js';

/** The types of elements, by their numbers in `TensorProto.DataType`. */
const TYPES = { float32: 1n, int64: 7n, string: 8n, float64: 11n } as const;
/** The types of attributes, by their numbers in `AttributeProto.AttributeType`. */
const ATTRIBUTES = { float: 1n, int: 2n, string: 3n, floats: 6n, ints: 7n, strings: 8n } as const;

export type ElementType = keyof typeof TYPES;

/** The elements of a constant. */
type Elements = Float32Array | Float64Array | BigInt64Array | readonly string[];

/** An attribute of a node; a bigint stands for an int64, a number for a float. */
type Attribute = bigint | number | string | BigInt64Array | Float32Array | readonly string[];

/** The operators that a graph may hold are those of ONNX 1.12; categories are read by one of another domain. */
const OPSET = 17n;
const IR_VERSION = 8n;
const ML = { domain: 'ai.onnx.ml', opset: 2n } as const;
/** The name of the first extent of every input and output, which is free. */
const ROWS = 'rows';

/**
 * An ONNX graph in the making. A value is known by its name, which the methods that make one return.
 * The numbers of fields stand in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
 */
export class Graph {
  readonly #nodes: Message[] = [];
  readonly #constants: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  readonly #taken = new Set<string>();
  #usesMl = false;

  /** Adds an input [rows, cols]. All inputs are added before anything else, so that they keep their names. */
  input(name: string, type: ElementType, cols: number): string {
    this.#taken.add(name);
    this.#inputs.push(valueInfo(name, type, cols));
    return name;
  }

  /** Adds a node. Its value is called `name`, or something like it if that is taken. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name: string = op.toLowerCase(),
  ): string {
    return this.#node(op, inputs, attributes, name);
  }

  /** Adds a node that turns the elements of a value into another type. */
  cast(value: string, type: ElementType, name: string = type): string {
    return this.#node('Cast', [value], { to: TYPES[type] }, name);
  }

  /**
   * Adds nodes that map texts [rows, 1] to numbers, and texts that they do not know to `others`. Letters may be capitals; with
   * the locale C, which every machine has, a runtime may lower those of ASCII only.
   * @param texts without capitals of ASCII
   */
  encoder(
    input: string,
    texts: readonly string[],
    numbers: BigInt64Array | Float32Array,
    others: bigint | number,
  ): string {
    this.#usesMl = true;
    const suffix = typeof others === 'bigint' ? 'int64' : 'float';
    const attributes = { keys_strings: texts, [`values_${suffix}s`]: numbers, [`default_${suffix}`]: others };
    const reshaped = (value: string, ...shape: bigint[]) =>
      this.node('Reshape', [value, this.constant('shape', [shape.length], BigInt64Array.from(shape))]);
    const small = this.node('StringNormalizer', [reshaped(input, -1n)], { case_change_action: 'LOWER', locale: 'C' });
    return this.#node('LabelEncoder', [reshaped(small, -1n, 1n)], attributes, 'code', ML.domain);
  }

  /** Adds a tensor that is part of the model. */
  constant(name: string, shape: readonly number[], elements: Elements): string {
    const value = this.#free(name);
    this.#constants.push([...shape.map((extent) => [1, BigInt(extent)] as const), ...contentOf(elements), [8, value]]);
    return value;
  }

  /** Makes a value an output, of shape [rows, cols], or [rows] without `cols`. */
  output(value: string, type: ElementType, cols?: number): void {
    this.#outputs.push(valueInfo(value, type, cols));
  }

  /** Returns the bytes of a model. @param metadata texts that it carries */
  encode(metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
    const graph: Message = [
      ...fields(1, this.#nodes),
      [2, 'wgrad'],
      ...fields(5, this.#constants),
      ...fields(11, this.#inputs),
      ...fields(12, this.#outputs),
    ];
    return encodeMessage([
      [1, IR_VERSION],
      [2, 'wgrad'],
      [7, graph],
      [8, [[2, OPSET]]],
      [
        8,
        this.#usesMl
          ? [
              [1, ML.domain],
              [2, ML.opset],
            ]
          : undefined,
      ],
      ...Object.entries(metadata).map(
        ([key, value]) =>
          [
            14,
            [
              [1, key],
              [2, value],
            ],
          ] as const,
      ),
    ]);
  }

  #node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    name: string,
    domain?: string,
  ): string {
    const output = this.#free(name);
    const all = Object.entries(attributes).map(([key, value]): Message => [[1, key], ...attributeOf(value)]);
    this.#nodes.push([...fields(1, inputs), [2, output], [3, output], [4, op], ...fields(5, all), [7, domain]]);
    return output;
  }

  #free(name: string): string {
    let free = name;
    for (let i = 1; this.#taken.has(free); i++) free = `${name}_${i}`;
    this.#taken.add(free);
    return free;
  }
}

/** Returns a repeated field. */
function fields<T extends Message[number][1]>(number: number, values: Iterable<T>): (readonly [number, T])[] {
  return Array.from(values, (value) => [number, value] as const);
}

function valueInfo(name: string, type: ElementType, cols: number | undefined): Message {
  const extents: Message[] = [[[2, ROWS]], ...(cols === undefined ? [] : [[[1, BigInt(cols)]] as const])];
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, TYPES[type]],
            [2, fields(1, extents)],
          ],
        ],
      ],
    ],
  ];
}

function contentOf(elements: Elements): Message {
  if ('buffer' in elements) {
    const { buffer, byteOffset, byteLength } = elements;
    const type = elements instanceof Float32Array ? 'float32' : elements instanceof Float64Array ? 'float64' : 'int64';
    return [
      [2, TYPES[type]],
      [9, new Uint8Array(buffer, byteOffset, byteLength)],
    ];
  }
  return [[2, TYPES.string], ...fields(6, elements)];
}

function attributeOf(value: Attribute): Message {
  if (typeof value === 'bigint')
    return [
      [3, value],
      [20, ATTRIBUTES.int],
    ];
  if (typeof value === 'number')
    return [
      [2, value],
      [20, ATTRIBUTES.float],
    ];
  if (typeof value === 'string')
    return [
      [4, value],
      [20, ATTRIBUTES.string],
    ];
  if (value instanceof Float32Array) return [...fields(7, value), [20, ATTRIBUTES.floats]];
  if (value instanceof BigInt64Array) return [...fields(8, value), [20, ATTRIBUTES.ints]];
  return [...fields(9, value), [20, ATTRIBUTES.strings]];
}
