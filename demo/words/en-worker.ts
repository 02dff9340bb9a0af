/** The words of the worker: reasons why there is nothing to see, notices, and where data come from. */
export const worker = {
  learningRate: 'learning rate',
  pointsEdited: 'points edited',
  onCpu: (reason: string) =>
    `${reason} Until then this page trains on the CPU: slowly, and smaller networks on less data.`,
  insecure: 'Browsers offer WebGPU to secure pages only: open this one over https or from localhost.',
  noWebGpu: 'This browser has no WebGPU: update it, or use Chrome or Edge 113, Safari 26, Firefox 141 or newer.',
  noGpu: (message: string) =>
    `This browser gives no GPU: turn on hardware acceleration in its settings, update the graphics driver, and see chrome://gpu. (${message})`,
  lostForGood: (reason: string) => `The GPU was lost, and the browser gives no other. ${reason}`,
  lost: (steps: number) => `The GPU was lost. Another device goes on from the last save, at step ${steps}.`,
  titles: {
    moons: 'Two moons',
    circles: 'Circles',
    spiral: 'Spiral',
    xor: 'XOR',
    sine: 'Noisy sine',
    sparse: '64 inputs',
  },
  made: 'Made on this page from the seed.',
  ownFile: (name: string) => `Your own file ${name}. It stays on this machine.`,
  ownFiles: (one: string, other: string) => `Your own files ${one} and ${other}. They stay on this machine.`,
  target: (origin: string, name: string, isNumber: boolean) =>
    `${origin} '${name}' is the ${isNumber ? 'number to learn, standardised' : 'class'}.`,
  mnist:
    'MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, CC BY-SA 3.0: the first 6,000 images of its training set to learn from, the first 1,000 of its test set to judge by, and the next 1,000 to test a search.',
  notReady: 'Files can be opened when the page is ready.',
  noDevice: 'There is no GPU device to lose: the CPU trains.',
  noOwnData:
    'You have no data of your own yet: drop a table (CSV, JSON, Parquet), or the two files of an IDX data set, on the page.',
  copying: 'a copy of the network',
  noGpuToCheck: 'There is no GPU to check: the CPU reference itself trains here.',
  stopped: 'It was stopped.',
  dropoutOff: 'Dropout is off here: raise the rate of this run, or select a run that has it.',
  noLayer: (layer: number, layers: number) => `There is no dropout layer ${layer}: the network has ${layers}.`,
  gaussian: 'Gaussian dropout drops no unit: it multiplies each by a random number.',
  noStep: 'No step has been taken yet: play, or take one.',
  newRates: 'The rate was turned after the last step: press Step to see a mask drawn with it.',
  oneNumber: 'Targets and answers are shown where they are one number.',
  drawDigit: 'Draw a digit, and see how sure the network is.',
  fewFeatures: 'MC-dropout is shown for classes of two features, numbers of one, and digits.',
};

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Reasons of a delay, as the worker tells them to the page. */
export const busy = { loading: 'loading data', compiling: 'compiling' };

/** Sentences on the parts of an address that cannot be used. */
export const address = {
  tooFewPoints: (least: number) => `points must leave ${least} training points of a data set that this page makes`,
  noFile: 'data=own: an address cannot carry a file; drop it on the page again',
  parts: (got: string) => `parts must be l1, gaussian and max-norm-2, some of them or none, got ${got}`,
  choice: (name: string, known: string, got: string) => `${name} must be one of ${known}, got ${got}`,
  number: (name: string, integer: boolean, min: number, max: number, got: string) =>
    `${name} must be ${integer ? 'an integer' : 'a number'} from ${min} to ${max}, got ${got}`,
  hidden: (layers: Range, units: Range, got: string) =>
    `hidden must be ${layers.min} to ${layers.max} integers from ${units.min} to ${units.max}, such as 64,64, got ${got}`,
  points: (got: string) =>
    `points must be new points, moved ones and removed ones, such as 0.5_1.2_1,0.3_-1@12,@7, got ${got}`,
  run: (got: string) => `run must be λ, dropout rates and learning rate, such as 0.01_0.5,0.5_0.001, got ${got}`,
  runs: (most: number, got: number) => `run may be given ${most} times, got ${got}`,
  cut: (text: string) => `${text}…`,
};
