import { dataset } from 'wgrad';
import { MNIST } from '../../contract/state.js';
import { refusals, worker as words } from '../../words/words.js';
import { withLabelNoise } from './label-noise.js';
import type { LoadedData } from './loaded-data.js';
import type { ToyOptions } from './toys.js';
import { unpacked } from './unpacked.js';

const SIDE = 28;
const CLASSES = 10;

let fetched: Promise<Uint8Array<ArrayBuffer>> | undefined;

/** Returns the first images of MNIST. @throws Error with the reason if they cannot be loaded */
export async function mnistData({ examples, noise, seed }: ToyOptions): Promise<LoadedData> {
  fetched ??= fetchImages();
  try {
    return part(await fetched, { examples, noise, seed });
  } catch (error) {
    fetched = undefined; // the next call fetches again
    throw error;
  }
}

async function fetchImages(): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL('../../assets/mnist.bin.gz', import.meta.url));
  if (!response.ok) throw new Error(refusals.noMnist(`${response.status} ${response.statusText}`));
  const bytes = await unpacked(new Uint8Array(await response.arrayBuffer()));
  const size = (MNIST.train + MNIST.validation + MNIST.test) * (SIDE * SIDE + 1);
  if (bytes.length === size) return bytes;
  throw new Error(refusals.shortMnist(size, bytes.length));
}

/** Cuts the file, which holds training images, their labels, validation images, their labels. */
function part(bytes: Uint8Array<ArrayBuffer>, { examples, noise, seed }: ToyOptions): LoadedData {
  const read = (start: number, count: number) => {
    const labels = start + count * SIDE * SIDE;
    return { x: bytes.subarray(start, labels), y: Uint32Array.from(bytes.subarray(labels, labels + count)) };
  };
  const options = { features: SIDE * SIDE, classes: CLASSES };
  const wrong = { classes: CLASSES, share: noise, seed };
  const all = read(0, MNIST.train);
  const y = withLabelNoise(all.y.subarray(0, examples), { ...wrong, part: 'train' });
  const train = dataset({ ...options, x: all.x.subarray(0, examples * SIDE * SIDE), y });
  const held = read(MNIST.train * (SIDE * SIDE + 1), MNIST.validation + MNIST.test);
  const judging = (start: number, end: number, part: 'validation' | 'test') =>
    dataset({
      ...options,
      x: held.x.subarray(start * SIDE * SIDE, end * SIDE * SIDE),
      y: withLabelNoise(held.y.subarray(start, end), { ...wrong, part }),
    });
  return {
    name: 'mnist',
    title: 'MNIST',
    source: words.mnist,
    train,
    validation: judging(0, MNIST.validation, 'validation'),
    test: judging(MNIST.validation, MNIST.validation + MNIST.test, 'test'),
    available: MNIST.train,
    classes: Array.from({ length: CLASSES }, (_, digit) => String(digit)),
    image: { width: SIDE, height: SIDE },
  };
}
