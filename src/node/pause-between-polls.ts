import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** As long as a pause: so a wait takes at most twice as long as without pauses, and a short one no longer. */
const EAGER_MS = 1;

/**
 * Makes Dawn sleep for a millisecond between polls while a promise of `gpu`, of its adapters, devices, queues, buffers
 * or shader modules is pending. By itself Dawn polls in a loop of `setImmediate`, which keeps a core busy; a software
 * GPU needs that core.
 *
 * Dawn looks up `globalThis.setImmediate` for every poll. It is replaced only inside calls into Dawn on these objects,
 * and put back before they return: other code, and other instances of Dawn in this process, are not affected.
 */
export function pauseBetweenPolls(gpu: GPU): void {
  let eagerUntil = 0;
  let sleep: { timer: NodeJS.Timeout; poll: () => void } | undefined;

  const schedule = (callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate | undefined => {
    if (!isPoll(callback, args)) return setImmediate(callback, ...args); // a listener that Dawn called
    const poll = () => {
      sleep = undefined;
      insideDawn(callback);
    };
    if (performance.now() < eagerUntil) return setImmediate(poll);
    sleep = { timer: setTimeout(poll, 1), poll };
    return undefined;
  };

  function insideDawn<Result>(call: () => Result): Result {
    const { setImmediate: before } = globalThis;
    Reflect.set(globalThis, 'setImmediate', schedule);
    try {
      return call();
    } finally {
      if (Object.is(globalThis.setImmediate, schedule)) globalThis.setImmediate = before;
    }
  }

  /** A call that returns a promise: answers may come at once, so polling is eager again. */
  function waiting<Result>(call: () => Result): Result {
    eagerUntil = performance.now() + EAGER_MS;
    if (sleep) {
      clearTimeout(sleep.timer);
      setImmediate(sleep.poll);
      sleep = undefined;
    }
    return insideDawn(call);
  }

  wrap(gpu, 'requestAdapter', async (call) => {
    const adapter = await waiting(call);
    if (adapter) pauseForAdapter(adapter);
    return adapter;
  });

  function pauseForAdapter(adapter: GPUAdapter): void {
    wrap(adapter, 'requestDevice', async (call) => {
      const device = await waiting(call);
      pauseForDevice(device);
      return device;
    });
  }

  function pauseForDevice(device: GPUDevice): void {
    wrap(device, 'createComputePipelineAsync', waiting);
    wrap(device, 'createRenderPipelineAsync', waiting);
    wrap(device, 'popErrorScope', waiting);
    wrap(device.queue, 'onSubmittedWorkDone', waiting);
    wrap(device, 'createBuffer', (call) => {
      const buffer = call();
      wrap(buffer, 'mapAsync', waiting);
      return buffer;
    });
    wrap(device, 'createShaderModule', (call) => {
      const module = call();
      wrap(module, 'getCompilationInfo', waiting);
      return module;
    });
  }
}

/** True for Dawn's poll: a native function without a name, called without arguments. */
function isPoll(callback: (...args: unknown[]) => void, args: unknown[]): boolean {
  return args.length === 0 && callback.name === '' && String(callback) === 'function () { [native code] }';
}

/** Makes `object[name]` run inside `around`. */
function wrap<Name extends string, Owner extends { [K in Name]: (...args: never[]) => unknown }>(
  object: Owner,
  name: Name,
  around: (call: () => ReturnType<Owner[Name]>) => ReturnType<Owner[Name]>,
): void {
  const method = object[name];
  const value = (...args: never[]) => around(() => method.apply(object, args) as ReturnType<Owner[Name]>);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
}
