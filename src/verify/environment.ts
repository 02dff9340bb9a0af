export interface Environment {
  readonly adapter: string;
}
