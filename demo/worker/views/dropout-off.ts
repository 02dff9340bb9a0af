/** Reason why a run without dropout has nothing to show. */
export const DROPOUT_OFF = 'Dropout is off here: raise the rate of this run, or select a run that has it.';
