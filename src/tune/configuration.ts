/** A value that a configuration may have. */
export type ConfigurationValue = number | string | boolean | readonly ConfigurationValue[];

/**
 * One point of a search space: hyper-parameters by name (`l2`, `dropout`, `learningRate`, ...; an array gives one value a
 * layer), and whatever else the function that makes the model wants, such as `hidden`.
 */
export type Configuration = Readonly<Record<string, ConfigurationValue>>;
