import 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Kills the browser's GPU process: every device is lost with reason 'unknown'; a new adapter can be had. */
    crashGpu: () => Promise<void>;
  }
}
