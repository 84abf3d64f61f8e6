/**
 * What this browser keeps: commands that the server has not answered, those that wait for a choice, and the last state that the
 * server told, to open without a network.
 */

const stores = ['commands', 'conflicts', 'kept'] as const
const version = 2
type StoreName = (typeof stores)[number]

/** In place of a database where the browser gives none, as some do in private windows: kept as long as the page. */
const memory: Record<StoreName, Map<string, unknown>> = {
  commands: new Map(),
  conflicts: new Map(),
  kept: new Map(),
}

let opened: Promise<IDBDatabase | undefined> | undefined

function open(): Promise<IDBDatabase | undefined> {
  opened ??= new Promise((resolve) => {
    const request = indexedDB.open('todo', version)
    request.addEventListener('upgradeneeded', () => {
      const { objectStoreNames } = request.result
      for (const name of stores) {
        if (!objectStoreNames.contains(name)) request.result.createObjectStore(name)
      }
    })
    request.addEventListener('success', () => {
      const forget = () => (opened = undefined)
      // A newer version of the app in another page is not kept waiting.
      request.result.addEventListener('versionchange', () => {
        request.result.close()
        forget()
      })
      // By the browser, when somebody has it clear the data of the site, or the disk fails.
      request.result.addEventListener('close', forget)
      resolve(request.result)
    })
    request.addEventListener('error', () => resolve(undefined))
  })
  return opened
}

/** Runs one request in a transaction of its own; resolves when what it wrote is durable. */
async function run<T>(
  name: StoreName,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
  otherwise: () => T,
): Promise<T> {
  const database = await open()
  if (!database) return otherwise()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode)
    const request = ask(transaction.objectStore(name))
    // Else the page would have to hear of the request first, and one that is left in that moment takes the change with it.
    if (mode === 'readwrite') transaction.commit()
    transaction.addEventListener('complete', () => resolve(request.result))
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('The disk is full')))
  })
}

export const readAll = <T>(name: StoreName): Promise<T[]> =>
  run<T[]>(
    name,
    'readonly',
    (store) => store.getAll(),
    () => [...memory[name].values()] as T[],
  )

export const read = <T>(name: StoreName, key: string): Promise<T | undefined> =>
  run<T | undefined>(
    name,
    'readonly',
    (store) => store.get(key),
    () => memory[name].get(key) as T | undefined,
  )

export async function write(name: StoreName, key: string, value: unknown): Promise<void> {
  await run<unknown>(
    name,
    'readwrite',
    (store) => store.put(value, key) as IDBRequest<unknown>,
    () => memory[name].set(key, value),
  )
}

export async function remove(name: StoreName, key: string): Promise<void> {
  await run<unknown>(
    name,
    'readwrite',
    (store) => store.delete(key) as IDBRequest<unknown>,
    () => memory[name].delete(key),
  )
}

let isKeeping = true

/** Keeps what the server told, to open without a network. No harm is done where the disk does not take it. */
export async function keep(name: 'profile' | 'series' | 'tasks', value: unknown): Promise<void> {
  if (isKeeping) await write('kept', name, value).catch(() => {})
}

/** Forgets all of it, and keeps nothing more: replies that were on their way still come. */
export async function forgetKept(): Promise<void> {
  isKeeping = false
  await run<unknown>(
    'kept',
    'readwrite',
    (store) => store.clear() as IDBRequest<unknown>,
    () => memory.kept.clear(),
  )
}
