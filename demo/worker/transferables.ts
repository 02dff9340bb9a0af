/** Returns the buffers of all typed arrays in a message of plain objects and arrays, each once. */
export function transferables(message: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
    } else if (Array.isArray(value)) {
      // Skip lists of numbers.
      if (typeof value[0] === 'object') for (const each of value) look(each);
    } else if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) look(each);
    }
  };
  look(message);
  return [...found];
}
