/** wgsl-preprocessor ships neither types nor an entry: this is the module that its package holds. */
declare module 'wgsl-preprocessor/wgsl-preprocessor.js' {
  /** The text with its `#if`, `#elif`, `#else`, `#endif` resolved; values stand between the strings. */
  export function wgsl(strings: readonly string[], ...values: readonly (string | number | boolean)[]): string;
}
