import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A protobuf message: its fields by number, in order. A field without a value is left out. */
export type Message = readonly Field[];

/** A number is written as a float, a bigint as an int64, and a list of fields as a message of its own. */
type Field = readonly [number: number, value: string | number | bigint | Uint8Array | Message | undefined];

/** Returns the bytes of a message. Source: https://protobuf.dev/programming-guides/encoding. */
export function encodeMessage(message: Message): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  writeFields(writer, message);
  return writer.finish();
}

function writeFields(writer: BinaryWriter, message: Message): void {
  for (const [number, value] of message) {
    if (value === undefined) continue;
    if (typeof value === 'number') writer.tag(number, WireType.Bit32).float(value);
    else if (typeof value === 'bigint') writer.tag(number, WireType.Varint).int64(value);
    else {
      writer.tag(number, WireType.LengthDelimited);
      if (typeof value === 'string') writer.string(value);
      else if (value instanceof Uint8Array) writer.bytes(value);
      else {
        writer.fork();
        writeFields(writer, value);
        writer.join();
      }
    }
  }
}
