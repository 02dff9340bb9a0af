// One file in IndexedDB.
const [STORE, KEY] = ['models', 'topics'];

/** Returns the result of a request. */
function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const request = indexedDB.open('wgrad-example', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const database = await done(request);
  return database.transaction(STORE, mode).objectStore(STORE);
}

/** Returns the file, if there is one. */
export async function load(): Promise<Uint8Array | undefined> {
  return done((await open('readonly')).get(KEY));
}

export async function store(bytes: Uint8Array): Promise<void> {
  await done((await open('readwrite')).put(bytes, KEY));
}

export async function remove(): Promise<void> {
  await done((await open('readwrite')).delete(KEY));
}
