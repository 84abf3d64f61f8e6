/** What was asked of the system during a run, and what was found in it afterwards. */

/** `unknown`: no answer, or one that leaves open whether it was done. The checker takes either for possible. */
export type Outcome = 'ok' | 'fail' | 'unknown'

type Asked = { user: string; atMs: number; outcome: Outcome; status: number; body: string }

export type Operation = Asked &
  (
    | { kind: 'create'; title: string; due?: string; key: string; task?: string }
    | { kind: 'recur'; series?: string }
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
  /** Done, skipped, missed or cancelled. */
  closed: boolean
  deleted: boolean
  dueAt: string | null
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

/** A mail of the ledger, and how many of its task the mail server has. */
export type Mail = {
  id: string
  task: string
  reminder: string
  state: 'planned' | 'sent' | 'failed' | 'unknown' | 'cancelled'
  reason: string | null
  arrived: number
}

/** A record that nobody can handle. */
export type Poison = { topic: string; value: string }

export type History = {
  operations: Operation[]
  /** By the clock of the database, when it was read: everything that was due before is to be done. */
  collectedAt: string
  tasks: Task[]
  logged: Logged[]
  stored: Stored[]
  /** Who subscribes to which topic. */
  subscriptions: { consumer: string; topic: string }[]
  receipts: { consumer: string; event: string }[]
  statistics: Statistics[]
  reminders: Reminder[]
  mails: Mail[]
  /** The series that there are, what was announced of them, and what was made. */
  series: string[]
  announced: { series: string; occurrence: string }[]
  occurrences: { series: string; occurrence: string }[]
  /** Events that wait for the relay, and parts that are not ready, with the reason. */
  waiting: number
  unready: string[]
  /** What was put into the topics, and what of it is among the dead letters. */
  poison: Poison[]
  deadLetters: Poison[]
  /** The clock went back: what was due before may be told at an earlier time. */
  wentBack: boolean
  /** From the end of the fault until no event waited any more, and until every mail was settled. */
  drainedMs: number
  settledMs: number
}
