/**
 * The queue of commands. Every change goes through it: it is on disk before it is sent, is sent in order with an idempotency
 * key, and stays until the server has answered, however often the network or the server goes away meanwhile. All pages of
 * this browser share it; a lock lets one of them send.
 */
import { call } from '../api/call.ts'
import { ApiError, asApiError } from '../api/error.ts'
import { createStore } from '../state/store.ts'
import { localPrefix, type Command } from './command.ts'
import { readAll, remove, write } from './database.ts'

const firstPauseMs = 1_000
const longestPauseMs = 15_000

/** `error` is why the first command waits. It is read from the disk often, mostly to be sure. */
export const queue = createStore<{ commands: Command[]; error: ApiError | undefined }>(
  { commands: [], error: undefined },
  (a, b) => a.error === b.error && JSON.stringify(a.commands) === JSON.stringify(b.commands),
)

type Outcome = { command: Command; reply?: unknown; error?: ApiError }
type Listener = (outcome: Outcome) => void | Promise<void>
const listeners = new Set<Listener>()

/**
 * Hears what the server answered to the commands of this browser, from whichever page they were sent. The command stays until
 * the listener has done what it has to.
 */
export function onAnswer(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Told a refusal: a rewritten command to send instead, or undefined to give this one up. */
export type Mend = (command: Command, error: ApiError) => Promise<Command | undefined>

let user: string | undefined
let mend: Mend = async () => undefined
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('todo-queue')

/** Begins to send what this user has left, and whatever comes. */
export async function startQueue(userId: string, mendRefused: Mend): Promise<void> {
  user = userId
  mend = mendRefused
  await refresh()
  void drain()
}

/** Shown already, and on their way to the disk. */
const unwritten = new Map<string, Command>()
/** Those that the disk did not take: they live as long as the page. */
const unkept = new Map<string, Command>()
/** Those that the disk did not forget when they were answered. */
const answered = new Set<string>()

/** Keeps the command, then sends it. Answers whether it is kept beyond this page. */
export async function enqueue(command: Command): Promise<boolean> {
  unwritten.set(command.id, command)
  queue.set(({ commands, error }) => ({ commands: [...commands, command], error }))
  const isKept = await keep(command)
  unwritten.delete(command.id)
  channel?.postMessage('changed')
  wake()
  void drain()
  return isKept
}

async function keep(command: Command): Promise<boolean> {
  try {
    await write('commands', command.position, command)
    unkept.delete(command.id)
    return true
  } catch {
    unkept.set(command.id, command)
    return false
  }
}

async function forget({ id, position }: Command): Promise<void> {
  unkept.delete(id)
  await remove('commands', position).catch(() => answered.add(id))
}

async function refresh(): Promise<void> {
  const all = await readAll<Command>('commands').catch(() => [])
  const here = [...unkept.values(), ...unwritten.values()]
  const stored = all.filter(
    ({ id, user: owner }) => owner === user && !answered.has(id) && !here.some((other) => other.id === id),
  )
  const commands = [...stored, ...here].toSorted((a, b) => (a.position < b.position ? -1 : 1))
  queue.set(({ error }) => ({ commands, error: commands.length === 0 ? undefined : error }))
}

let draining: Promise<void> | undefined
let again = false

function drain(): Promise<void> {
  again = true
  draining ??= locked(async () => {
    while (again) {
      again = false
      await sendAll()
    }
  }).finally(() => (draining = undefined))
  return draining
}

const locked = (work: () => Promise<void>): Promise<void> =>
  navigator.locks ? navigator.locks.request('todo-queue', work) : work()

let creation: Promise<unknown> | undefined

/**
 * Resolves when the creation that is on its way now is answered, or has failed. A task that this page does not know may be the
 * one that it is just making: only the answer tells, and until then both would be shown.
 */
export const created = async (): Promise<void> => void (await creation)

async function sendAll(): Promise<void> {
  let pauseMs = firstPauseMs
  for (;;) {
    await refresh()
    const [command] = queue.get().commands
    // One that is not on the disk yet starts the sending itself, once it is.
    if (!command || unwritten.has(command.id)) return
    const sent = sendOne(command)
    if (command.operation.endsWith('-create')) creation = sent
    const error = await sent
    if (!error) {
      pauseMs = firstPauseMs
      continue
    }
    queue.set(({ commands }) => ({ commands, error }))
    channel?.postMessage({ command, waits: { ...error } })
    await pause(error.retryAfterMs ?? pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

/** Sends a command and settles it. Answers the error when it has to wait. */
async function sendOne(command: Command): Promise<ApiError | undefined> {
  try {
    const reply = await call(
      command.operation,
      { params: command.params, query: command.query, body: command.body } as object,
      { idempotencyKey: command.id, ifMatch: command.base && `"${command.base.version}"` },
    )
    if (!isAnswer(command, reply)) throw new ApiError(0, 'nonsense')
    await settle({ command, reply })
  } catch (thrown) {
    const error = asApiError(thrown)
    // Nobody is signed in: it waits for its owner.
    if (error.passes || error.code === 'unauthorized') return error
    try {
      const mended = await mend(command, error)
      if (mended) await keep(mended)
      else await settle({ command, error })
    } catch (failed) {
      return asApiError(failed)
    }
  }
  return undefined
}

/** What is changed comes back with its id. Anything else is of somebody who answers in the API's place. */
function isAnswer({ operation }: Command, reply: unknown): boolean {
  if (operation.endsWith('-delete')) return reply === undefined
  return typeof reply === 'object' && reply !== null && ('id' in reply || 'skipped' in reply)
}

async function settle(outcome: Outcome): Promise<void> {
  const { command, reply, error } = outcome
  channel?.postMessage({ ...outcome, error: outcome.error && { ...outcome.error } })
  // First shown, then forgotten: the other way round the change would be gone from the screen for a moment.
  await tell(outcome)
  await forget(command)
  if (reply) await followUp(command, reply)
  else if (error && command.operation.endsWith('-create')) await dropFollowing(command)
  await refresh()
  // Other pages may have looked at what waits a moment too early.
  channel?.postMessage('changed')
}

/** A listener that fails is a mistake of ours to be seen, but holds up nothing. */
async function tell(outcome: Outcome): Promise<void> {
  await Promise.all(
    [...listeners].map(async (listener) => listener(outcome)).map((each) => each.catch(reportError)),
  )
}

/** What a reply tells of what was made or changed; a series names the task that it begins with. */
type Made = { id?: string; open_task_id?: string | null; version?: number }

/** Commands that wait for the same task: they learn its real id, and the version that our own change has made. */
async function followUp({ id: done, subject, base }: Command, reply: Made): Promise<void> {
  const id = reply.open_task_id ?? reply.id
  for (const later of queue.get().commands) {
    if (later.subject !== subject || later.id === done) continue
    const renamed = id && subject.startsWith(localPrefix) ? rename(later, subject, id) : later
    const isNext =
      reply.version && renamed.base && (!base || renamed.base.version === base.version || renamed !== later)
    const next = isNext ? { ...renamed, base: { ...renamed.base!, version: reply.version! } } : renamed
    if (next !== later) await keep(next)
  }
}

/** What is not made cannot be changed, and what was to give way to it stays. */
async function dropFollowing({ subject }: Command): Promise<void> {
  await refresh()
  const following = queue
    .get()
    .commands.filter((later) => later.subject === subject || later.needs === subject)
  for (const later of following) await forget(later)
}

const rename = (command: Command, from: string, to: string): Command => ({
  ...command,
  subject: to,
  params: Object.fromEntries(
    Object.entries(command.params).map(([name, value]) => [name, value === from ? to : value]),
  ),
})

let wake: () => void = () => {}

/** Waits, but no longer than until something tells that it may work now. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

/** Tries at once: the network is back, somebody signed in, or a person asked for it. */
export function retryNow(): void {
  // The page that sends may be another one.
  channel?.postMessage('changed')
  wake()
  void drain()
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', retryNow)
  channel?.addEventListener(
    'message',
    ({ data }: MessageEvent<'changed' | Outcome | { command: Command; waits: ApiError }>) => {
      if (data === 'changed') {
        wake()
        // The page that was to send it may be closed.
        void refresh().then(drain)
      } else if (data.command.user !== user) return
      else if ('waits' in data) queue.set(({ commands }) => ({ commands, error: data.waits }))
      else void tell(data).then(refresh)
    },
  )
}
