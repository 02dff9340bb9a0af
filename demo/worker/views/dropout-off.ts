/** Why there is nothing to see of a run without dropout. */
export const DROPOUT_OFF = 'Dropout is off here: raise the rate of this run, or select a run that has it.';
