const { port1, port2 } = new MessageChannel();

/** Resolves after the waiting messages had their turn. A timer would wait for 4 ms. */
export function task(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}
