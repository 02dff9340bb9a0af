/** A mistake on the command line: the sentence says what is wrong, `hint` where to read what is right. */
export class UsageError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
