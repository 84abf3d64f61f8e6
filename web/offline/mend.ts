/**
 * What becomes of a command that the server refused. A change that met somebody else's (412) goes on where both touched
 * different fields; where they touched the same one, the person chooses.
 */
import { call } from '../api/call.ts'
import type { ApiError } from '../api/error.ts'
import type { Task } from '../api/shapes.ts'
import { createStore } from '../state/store.ts'
import { takeTasks } from '../state/tasks.ts'
import type { Command } from './command.ts'
import { readAll, remove, write } from './database.ts'

/** A change that waits for a decision: the fields that were changed on both sides. */
export type Conflict = { command: Command; current: Task; fields: string[] }

/** Those to be shown, the oldest first. They are on disk until the person has chosen. */
export const conflicts = createStore<Conflict[]>([])

/** Shows what this user has not chosen yet. */
export async function showConflicts(user: string): Promise<void> {
  const all = await readAll<Conflict>('conflicts').catch(() => [])
  const own = all.filter(({ command }) => command.user === user)
  conflicts.set(own.toSorted((a, b) => (a.command.position < b.command.position ? -1 : 1)))
}

/** Until the next visit. */
export const postpone = ({ command }: Conflict): void =>
  conflicts.set((all) => all.filter((other) => other.command.id !== command.id))

export async function settleConflict(conflict: Conflict): Promise<void> {
  postpone(conflict)
  await remove('conflicts', conflict.command.id)
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The command to send instead, or undefined when it is settled or waits for a decision. */
export async function mendCommand(command: Command, error: ApiError): Promise<Command | undefined> {
  const { base, body, operation, params } = command
  if (error.code !== 'version_mismatch' || operation !== 'task-update-patch' || !base || !body)
    return undefined
  const current = await call('task-get', { params: params as { task_id: string } })
  takeTasks([current])
  const now = current as unknown as Record<string, unknown>
  const open = Object.keys(body).filter((field) => !same(now[field], body[field]))
  // The first try had arrived, and only its answer was lost.
  if (open.length === 0) return undefined
  const fields = open.filter((field) => !same(now[field], base.fields[field]))
  if (fields.length === 0) return { ...command, base: { ...base, version: current.version } }
  const conflict = { command, current, fields }
  // On a full disk it waits as long as the page.
  await write('conflicts', command.id, conflict).catch(() => {})
  conflicts.set((all) => [...all, conflict])
  return undefined
}
