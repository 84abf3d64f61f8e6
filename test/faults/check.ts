/** Holds a history against the promises of the system. Pure, so that it is tested itself. */
import { redeliveryOf } from '../../shared/contract/events.ts'
import { Problem } from '../../shared/contract/problem.ts'
import type { History, Mail, Operation, Poison, Task } from './history.ts'

export type Violation = { invariant: string; what: string }
type Check = (history: History) => string[]

/** The patience of a whole run: what takes longer is stuck. How long it should take is the cell's, and the report's. */
export const drainedMsMax = 60_000
/** A mail whose process died is in doubt for 40 s, and asked for again within 15 s. Mails go one by one. */
export const settledMsMax = (mails: number): number => 90_000 + 250 * mails

/** The promises, by the names under which they are reported. */
export const invariants = {
  'I1 every acknowledged write is there': acknowledgedWrites,
  'I2 the broker has every event of the log, and no other': everyEventOnce,
  'I3 an event takes effect once': effectsOnce,
  'I4 versions of a task never go back': versionsRise,
  'I5 nothing is early, and nothing waits for long': inTime,
  'I6 an occurrence has one task': oneTaskEach,
  'I7 an idempotency key makes one task and one answer': oneForKey,
  'I8 nothing is stuck': nothingStuck,
  'I9 nobody reads what is not theirs': nobodyElse,
  'I10 an error tells nothing of the inside': discreet,
  'I11 what cannot be handled is kept': poisonKept,
} satisfies Record<string, Check>

/** Every promise that was broken, with what shows it; the first ten of each. */
export const violations = (history: History): Violation[] =>
  Object.entries(invariants).flatMap(([invariant, check]) =>
    check(history)
      .slice(0, 10)
      .map((what) => ({ invariant, what })),
  )

type Create = Extract<Operation, { kind: 'create' }>
type Write = Extract<Operation, { task: string }>

const isWrite = (operation: Operation): operation is Write =>
  operation.kind === 'update' || operation.kind === 'complete' || operation.kind === 'delete'

function acknowledgedWrites(history: History): string[] {
  const { operations, tasks, series } = history
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const writes = Map.groupBy(operations.filter(isWrite), ({ task }) => task)
  const done = operations.filter(({ outcome }) => outcome === 'ok')
  const lost = done.flatMap((operation) => {
    if (operation.kind === 'recur')
      return series.includes(operation.series!) ? [] : [`the series ${operation.series} is not there`]
    if (operation.kind !== 'create') return []
    const task = byId.get(operation.task!)
    return task
      ? wrongState(task, operation, writes.get(task.id) ?? [])
      : [`the task ${operation.task} of an answered create is not there`]
  })
  return [
    ...lost,
    ...tasks.flatMap((task) => unasked(task, writes.get(task.id) ?? [])),
    ...unplanned(history),
  ]
}

/** The writes of one task came one after another, so the last acknowledged one decides, or an unknown one behind it. */
function wrongState(task: Task, created: Create, writes: Write[]): string[] {
  const done = writes.filter(({ outcome }) => outcome === 'ok')
  const possible = writes.filter(({ outcome }) => outcome !== 'fail')
  const wrong: string[] = []
  if (task.version < 1 + done.length || task.version > 1 + possible.length) {
    wrong.push(`${task.id} has version ${task.version} after ${done.length} to ${possible.length} changes`)
  }
  const titled = possible.filter(({ kind }) => kind === 'update') as Extract<Write, { kind: 'update' }>[]
  const lastDone = titled.findLastIndex(({ outcome }) => outcome === 'ok')
  const titles = titled.slice(Math.max(0, lastDone)).map(({ title }) => title)
  if (lastDone === -1) titles.push(created.title)
  if (!titles.includes(task.title))
    wrong.push(`${task.id} is called ${task.title}, not ${titles.join(' or ')}`)
  if (instant(task.dueAt) !== instant(created.due))
    wrong.push(`${task.id} is due at ${task.dueAt}, not at ${created.due}`)
  if (done.some(({ kind }) => kind === 'complete') && !task.done) wrong.push(`${task.id} is not done`)
  if (done.some(({ kind }) => kind === 'delete') && !task.deleted) wrong.push(`${task.id} is not deleted`)
  // A task of no series is never skipped, missed or cancelled.
  if (task.closed && !task.done) wrong.push(`${task.id} is closed and not done`)
  return wrong
}

/** What nobody may have done to a task, whether or not its create was answered. */
function unasked(task: Task, writes: Write[]): string[] {
  const mayBe = (asked: Write['kind']) =>
    writes.some(({ kind, outcome }) => kind === asked && outcome !== 'fail')
  return [
    ...(task.done && !mayBe('complete') ? [`${task.id} is done, and nobody completed it`] : []),
    ...(task.deleted && !mayBe('delete') ? [`${task.id} is deleted, and nobody deleted it`] : []),
  ]
}

/** A task commits together with its reminder, which is at its due instant: nobody here asks for another. */
function unplanned({ tasks, reminders }: History): string[] {
  const planned = new Set(reminders.map(({ task, remindAt }) => `${task} ${instant(remindAt)}`))
  return tasks
    .filter(({ id, dueAt }) => dueAt !== null && !planned.has(`${id} ${instant(dueAt)}`))
    .map(({ id, dueAt }) => `${id} has no reminder at ${dueAt}`)
}

const instant = (text: string | null | undefined) => (text == null ? null : Date.parse(text))

function everyEventOnce({ tasks, logged, stored, subscriptions }: History): string[] {
  const placeOf = ({ topic, key }: { topic: string; key: string }) => `${topic} under ${key}`
  const places = new Map(logged.map((event) => [event.id, placeOf(event)]))
  // A consumer without a receipt gets the event again by a topic of its own.
  const redeliveries = new Set(
    logged.flatMap(({ id, topic, key }) =>
      subscriptions
        .filter((subscription) => subscription.topic === topic)
        .map(({ consumer }) => `${id} ${placeOf({ topic: redeliveryOf(consumer)!, key })}`),
    ),
  )
  const published = new Set(stored.map((record) => `${record.id} ${placeOf(record)}`))
  const createdFor = new Set(logged.filter(({ type }) => type === 'task.created').map(({ key }) => key))
  return [
    ...[...places]
      .filter(([id, place]) => !published.has(`${id} ${place}`))
      .map(([id, place]) => `${id} is not in ${place}`),
    ...stored.flatMap((record) => {
      const { id } = record
      if (id === null || places.get(id) === placeOf(record)) return []
      if (redeliveries.has(`${id} ${placeOf(record)}`)) return []
      return [places.has(id) ? `${id} is in ${placeOf(record)}` : `${id} is in no log`]
    }),
    ...tasks.filter(({ id }) => !createdFor.has(id)).map(({ id }) => `the task ${id} has no event`),
  ]
}

function effectsOnce({ tasks, logged, statistics, reminders, mails }: History): string[] {
  const open = openOnes(tasks)
  const counts = (user: string, type: string) =>
    logged.filter((event) => event.user === user && event.type === type).length
  const wrong = statistics.flatMap(({ user, ...counted }) => {
    const expected = {
      created: counts(user, 'task.created'),
      updated: counts(user, 'task.updated'),
      completed: counts(user, 'task.completed') - counts(user, 'task.reopened'),
      deleted: counts(user, 'task.deleted'),
    }
    return Object.entries(expected)
      .filter(([name, count]) => counted[name as keyof typeof expected] !== count)
      .map(
        ([name, count]) => `${user}: ${counted[name as keyof typeof expected]} ${name} counted of ${count}`,
      )
  })
  const mailed = new Set(mails.map(({ reminder }) => reminder))
  const counted = new Set(statistics.map(({ user }) => user))
  const uncounted = new Set(logged.map(({ user }) => user).filter((user) => !counted.has(user)))
  return [
    ...wrong,
    ...[...uncounted].map((user) => `${user}: nothing was counted`),
    ...reminders
      .filter(({ task, firedAt, notifiedAt }) => {
        const due = Number(firedAt !== null)
        // Whoever closed the task in between needs no notification any more.
        return notifiedAt.length > due || (notifiedAt.length < due && open.has(task))
      })
      .map(({ id, notifiedAt }) => `the reminder ${id} has ${notifiedAt.length} notifications`),
    // Nobody here has chosen to have no mail.
    ...reminders
      .filter(({ id, notifiedAt }) => notifiedAt.length > 0 && !mailed.has(id))
      .map(({ id }) => `the reminder ${id} has a notification and no mail`),
    ...mails
      .filter(({ state, task }) => state === 'cancelled' && open.has(task))
      .map(({ id }) => `the mail ${id} is cancelled, and its task is open`),
    ...mails.flatMap(wrongMail),
  ]
}

/** The ids of the tasks that are still to be done. */
const openOnes = (tasks: Task[]) =>
  new Set(tasks.filter(({ closed, deleted }) => !closed && !deleted).map(({ id }) => id))

/** What was sent has arrived, once. What may have been sent did so at most once, and says so, as does what was not sent. */
function wrongMail({ id, state, reason, arrived }: Mail): string[] {
  const possible = { planned: [0], sent: [1], unknown: [0, 1], failed: [0], cancelled: [0] }[state]
  return [
    ...(possible.includes(arrived) ? [] : [`the mail ${id} is ${state} and arrived ${arrived} times`]),
    ...(state === 'planned' || state === 'sent' || reason
      ? []
      : [`the mail ${id} is ${state}, without a reason`]),
  ]
}

/** Duplicates may come late: of each event its first record counts, of those in the topic that it was written for. */
function versionsRise({ stored, logged }: History): string[] {
  const topicOf = new Map(logged.map(({ id, topic }) => [id, topic]))
  const seen = new Set<string>()
  const latest = new Map<string, number>()
  return stored.flatMap(({ topic, key, id, version }) => {
    if (id === null || version === null || seen.has(id) || topic !== topicOf.get(id)) return []
    seen.add(id)
    const place = `${topic} ${key}`
    const before = latest.get(place) ?? 0
    latest.set(place, Math.max(before, version))
    return version < before ? [`${place}: version ${version} after ${before}`] : []
  })
}

function inTime(history: History): string[] {
  const { tasks, reminders, collectedAt, wentBack, mails, drainedMs, settledMs } = history
  const open = openOnes(tasks)
  // Whoever closed the task in time needs no reminder any more.
  const missed = reminders
    .filter(
      ({ task, remindAt, firedAt }) =>
        firedAt === null && open.has(task) && instant(remindAt)! <= instant(collectedAt)!,
    )
    .map(({ id, remindAt }) => `the reminder ${id} of ${remindAt} has not come at ${collectedAt}`)
  const early = reminders.flatMap(({ id, remindAt, firedAt, notifiedAt }) =>
    [firedAt, ...notifiedAt]
      .filter((at) => at !== null && instant(at)! < instant(remindAt)!)
      .map((at) => `the reminder ${id} of ${remindAt} came at ${at}`),
  )
  return [
    ...(wentBack ? [] : early),
    ...missed,
    ...(drainedMs > drainedMsMax ? [`events waited for ${drainedMs} ms after the fault`] : []),
    ...(settledMs > settledMsMax(mails.length) ? [`mails waited for ${settledMs} ms after the fault`] : []),
  ]
}

function oneTaskEach({ series, announced, occurrences }: History): string[] {
  const placeOf = (at: { series: string; occurrence: string }) => `${at.series} ${at.occurrence}`
  const places = Map.groupBy(occurrences, placeOf)
  const begun = new Set(occurrences.map((at) => at.series))
  return [
    ...[...places]
      .filter(([, tasks]) => tasks.length > 1)
      .map(([place, tasks]) => `${place} has ${tasks.length} tasks`),
    ...[...new Set(announced.map(placeOf))]
      .filter((place) => !places.has(place))
      .map((place) => `${place} was announced and has no task`),
    ...series.filter((id) => !begun.has(id)).map((id) => `the series ${id} has no task`),
  ]
}

function oneForKey({ operations, tasks }: History): string[] {
  const creates = operations.filter((operation) => operation.kind === 'create')
  return [...Map.groupBy(creates, ({ key }) => key)].flatMap(([key, same]) => {
    const bodies = new Set(same.filter(({ outcome }) => outcome === 'ok').map(({ body }) => body))
    const made = tasks.filter(
      ({ id, title, user }) =>
        user === same[0]!.user && (title === same[0]!.title || same.some(({ task }) => task === id)),
    )
    return [
      ...(bodies.size > 1 ? [`${key} was answered in ${bodies.size} ways`] : []),
      ...(made.length > 1 ? [`${key} made ${made.length} tasks`] : []),
    ]
  })
}

function nothingStuck({ logged, subscriptions, receipts, waiting, unready, mails }: History): string[] {
  const received = new Set(receipts.map(({ consumer, event }) => `${consumer} ${event}`))
  const missing = logged.flatMap(({ id, topic }) =>
    subscriptions
      .filter(
        (subscription) => subscription.topic === topic && !received.has(`${subscription.consumer} ${id}`),
      )
      .map(({ consumer }) => `${consumer} has not handled ${id}`),
  )
  const planned = mails
    .filter(({ state }) => state === 'planned')
    .map(({ id }) => `the mail ${id} is planned`)
  return [
    ...(waiting > 0 ? [`${waiting} events wait for the relay`] : []),
    ...unready,
    ...missing,
    ...planned,
  ]
}

function nobodyElse({ operations }: History): string[] {
  return operations.flatMap((operation) => {
    if (operation.kind === 'steal' && operation.outcome === 'ok')
      return [`${operation.user} read ${operation.task}`]
    if (operation.kind !== 'list') return []
    return operation.owners
      .filter((owner) => owner !== operation.user)
      .map((owner) => `${operation.user} saw tasks of ${owner}`)
  })
}

function poisonKept({ poison, deadLetters }: History): string[] {
  const placeOf = ({ topic, value }: Poison) => `${value.slice(0, 100)} in ${topic}`
  const kept = new Set(deadLetters.map(placeOf))
  return poison
    .map(placeOf)
    .filter((place) => !kept.has(place))
    .map((place) => `${place} is no dead letter`)
}

/** All that a caller is told when something is broken, but for the id of the request: `unexpected` in `shared/http/app.ts`. */
const told = new Set(
  [
    new Problem('unavailable', 'The database cannot be reached right now. Try again in a moment.'),
    new Problem('internal', 'The request could not be handled. Report the request id if it happens again.'),
  ].map((problem) => JSON.stringify(problem.body(''))),
)
const anonymous = (body: string) => body.replace(/(?<="request_id":")[\w.:-]*(?=")/, '')

const inside =
  /\bat .+:\d+:\d+|node_modules|postgres|\bselect\b .+ \bfrom\b|violates|ECONN|127\.0\.0\.1|localhost|"stack"/i

function discreet({ operations }: History): string[] {
  return operations
    .filter(({ status, body }) =>
      status >= 500 ? !told.has(anonymous(body)) : status >= 400 && inside.test(body),
    )
    .map(({ status, body }) => `${status}: ${body.slice(0, 200)}`)
}
