/** What was asked of the system during a run, and what was found in it afterwards. */

/** `unknown`: no answer, or one that leaves open whether it was done. The checker takes either for possible. */
export type Outcome = 'ok' | 'fail' | 'unknown'

type Asked = { user: string; atMs: number; outcome: Outcome; status: number; body: string }

export type Operation = Asked &
  (
    | { kind: 'create'; title: string; key: string; task?: string }
    | { kind: 'update'; task: string; title: string }
    | { kind: 'complete' | 'delete'; task: string }
    /** Reading what belongs to somebody else. */
    | { kind: 'steal'; task: string }
    | { kind: 'list'; owners: string[] }
  )

export type Task = {
  id: string
  user: string
  title: string
  version: number
  done: boolean
  deleted: boolean
}

/** An event of the log. */
export type Logged = {
  id: string
  type: string
  topic: string
  user: string
  key: string
  version: number | null
}

/** A record of the broker, in the order of its partition. `id` is null for what is no event of ours. */
export type Stored = { topic: string; key: string; id: string | null; version: number | null }

export type Statistics = {
  user: string
  created: number
  updated: number
  completed: number
  deleted: number
}

export type Reminder = {
  id: string
  task: string
  remindAt: string
  firedAt: string | null
  /** Instants of its notifications. */
  notifiedAt: string[]
}

export type History = {
  operations: Operation[]
  tasks: Task[]
  logged: Logged[]
  stored: Stored[]
  /** Who subscribes to which topic. */
  subscriptions: { consumer: string; topic: string }[]
  receipts: { consumer: string; event: string }[]
  statistics: Statistics[]
  reminders: Reminder[]
  /** Series and date of tasks that recur. */
  occurrences: { series: string; occurrence: string }[]
  /** Events that wait for the relay, and parts that are not ready, with the reason. */
  waiting: number
  unready: string[]
  /** From the end of the fault until nothing waited any more, and how long that may take. */
  drainedMs: number
  drainedMsMax: number
}
