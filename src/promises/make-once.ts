/** A map of promises: a `Map`, or a `WeakMap` where the keys should not be kept alive. */
interface Made<K, T> {
  get(key: K): Promise<T> | undefined;
  set(key: K, value: Promise<T>): unknown;
  delete(key: K): unknown;
}

/**
 * Returns a function that calls `make` once and returns the same promise from then on. A rejected promise is forgotten:
 * the next call tries again.
 */
export function makeOnce<T>(make: () => Promise<T>): () => Promise<T> {
  const made = new Map<undefined, Promise<T>>();
  return () => makeOncePer(made, undefined, make);
}

/** Returns the promise that `made` holds for `key`, or else makes it; a rejected one is forgotten as in {@link makeOnce}. */
export function makeOncePer<K, T>(made: Made<K, T>, key: K, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known) return known;
  const promise = make();
  made.set(key, promise);
  promise.catch(() => made.delete(key));
  return promise;
}
