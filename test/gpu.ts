/** The GPU of this test run: Dawn in Node, the browser's own in Chromium. */
export async function testGpu(): Promise<GPU> {
  return navigator.gpu;
}
