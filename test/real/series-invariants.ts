/** What holds of a series whatever has happened to it. Each answer is a list of sentences about what is wrong. */
import { occurrenceId } from '../../shared/data/identity.ts'
import { seriesOf } from '../../shared/data/rule.ts'
import { readStanding, type LockedSeries } from '../../shared/data/series.ts'
import { sql } from '../../shared/data/sql.ts'
import { occurrences } from '../../shared/recurrence/expand.ts'
import { announced, tasksOfSeries, type TaskOfSeries } from '../../shared/testing/series.ts'
import type { World } from './series-steps.ts'

type Logged = {
  task_id: string
  event_type: string
  created_at: string
  data: { status: string; version: number; occurrence: string; due_date: string; due_at: string }
  by: string
  was: string | null
}

type Seen = {
  series: LockedSeries
  tasks: TaskOfSeries[]
  virtual: { occurrence: string; state: string }[]
  events: Logged[]
  told: { id: string; time: string; data: unknown }[]
  planned: { task_id: string; remind_at: string }[]
}

async function look({ id, user }: World): Promise<Seen> {
  const series = (await readStanding(user.id, id))!
  const tasks = await tasksOfSeries(id)
  const virtual = await sql<Seen['virtual']>`
    select occurrence, state from virtual_occurrences where recurring_task_id = ${id}`
  const events = await sql<Logged[]>`
    select
      task_id, event_type, created_at, event_data as data, cause ->> 'function' as by, event_data ->> 'was' as was
    from task_event_log
    where recurring_task_id = ${id} and event_type like 'task.%' and event_type <> 'task.due-soon'
    order by id`
  const planned = await sql<Seen['planned']>`
    select task_id, remind_at
    from reminders
    join tasks on tasks.id = task_id
    where recurring_task_id = ${id} and state = 'planned'`
  return { series, tasks, virtual, events, told: await announced(id), planned }
}

const isAfter = (a: string, b: string) => Temporal.Instant.compare(a, b) > 0
const isOpen = ({ status, deleted_at }: TaskOfSeries) => status === 'open' && deleted_at === null

/** What is wrong now; `isSettled` when nothing is on its way. */
export async function violations(world: World, isSettled: boolean): Promise<string[]> {
  const seen = await look(world)
  const found = [
    ...doubled(seen),
    ...lost(seen, world),
    ...early(seen),
    ...tooMany(seen, isSettled),
    ...histories(seen),
    ...reminders(seen),
    ...backwards(seen, world),
    ...(isSettled ? standing(seen) : []),
  ]
  world.settled = seen.series.settled_through
  world.mayGoBack = false
  return found.length === 0 ? [] : [...found.slice(0, 5), describe(seen)]
}

/** A key has one task, with its own id and one creation; or it is recorded as none. */
function doubled({ series, tasks, virtual, events }: Seen): string[] {
  const made = events.filter(({ event_type }) => event_type === 'task.created')
  const wrong = tasks.flatMap(({ id, occurrence, status }) => {
    const times = made.filter(({ task_id }) => task_id === id).length
    const isVirtual = virtual.some((row) => row.occurrence === occurrence)
    return [
      ...(id === occurrenceId(series.id, occurrence) ? [] : [`${occurrence} has another id`]),
      ...(times === 1 ? [] : [`${occurrence} was created ${times} times`]),
      ...(isVirtual && status !== 'cancelled' ? [`${occurrence} is a task, and none`] : []),
    ]
  })
  const keys = new Set(tasks.map(({ occurrence }) => occurrence))
  return keys.size === tasks.length ? wrong : [...wrong, 'two tasks have the same key']
}

/** Every date of the rule up to where the series stands is a task, recorded as none, or on its way. */
function lost({ series, tasks, virtual, told }: Seen, { since, delivered }: World): string[] {
  if (series.mode === 'completion') return []
  const known = new Set([
    ...tasks.filter(({ status }) => status !== 'cancelled').map(({ occurrence }) => occurrence),
    ...virtual.map(({ occurrence }) => occurrence),
    ...told
      .filter(({ id }) => !delivered.has(id))
      .map(({ data }) => (data as { occurrence: string }).occurrence),
  ])
  const wrong: string[] = []
  for (const { key } of occurrences(seriesOf(series), { after: since, userZone: series.time_zone })) {
    if (key > series.settled_through) break
    if (!known.has(key)) wrong.push(`${key} is lost`)
  }
  return wrong
}

/** Neither announced nor made by the scan before its time: of a date the beginning of its day. */
function early({ series, events, told }: Seen): string[] {
  const createdAt = (due_date: string, due_at: string) =>
    due_date.includes('T')
      ? due_at
      : Temporal.PlainDate.from(due_date).toZonedDateTime(series.time_zone).toInstant().toString()
  const announcements = told.flatMap(({ time, data }) => {
    const { occurrence, due_date, due_at } = data as { occurrence: string; due_date: string; due_at: string }
    return isAfter(createdAt(due_date, due_at), time) ? [`${occurrence} was announced early`] : []
  })
  const made = events
    .filter(({ event_type, by }) => event_type === 'task.created' && by === 'occurrence-create')
    .filter(({ created_at, data }) => isAfter(createdAt(data.due_date, data.due_at), created_at))
    .map(({ data }) => `${data.occurrence} was made early`)
  return [...announcements, ...made]
}

const openMax = 30

/** At most one in advance; of those that were not touched by hand, one overdue, or thirty where each stays open. */
function tooMany({ series, tasks, events }: Seen, isSettled: boolean): string[] {
  const taken = new Set(
    events
      .filter(
        ({ event_type, was }) =>
          event_type === 'task.reopened' || (event_type === 'task.restored' && was !== 'cancelled'),
      )
      .map(({ task_id }) => task_id),
  )
  const open = tasks.filter((task) => isOpen(task) && task.overrides.length === 0 && !taken.has(task.id))
  const ahead = open.filter(({ due_at }) => isAfter(due_at!, series.now))
  const overdue = open.filter(({ due_at }) => !isAfter(due_at!, series.now))
  const dated = series.start_date.includes('T')
    ? ahead
    : ahead.filter(({ due_at }) => isAfter(due_at!, dayAfter(series)))
  const keys = (rows: TaskOfSeries[]) => rows.map(({ occurrence }) => occurrence).join()
  const max = series.catch_up === 'keep_all' ? openMax : 1
  return [
    ...(dated.length > 1 ? [`more than one is open in advance: ${keys(dated)}`] : []),
    ...(isSettled && overdue.length > max ? [`${overdue.length} are overdue: ${keys(overdue)}`] : []),
  ]
}

const dayAfter = ({ now, time_zone }: LockedSeries) =>
  Temporal.Instant.from(now)
    .toZonedDateTimeISO(time_zone)
    .add({ days: 1 })
    .startOfDay()
    .toInstant()
    .toString()

/** A task is what its events say, and each of its versions has one. */
function histories({ tasks, events }: Seen): string[] {
  return tasks.flatMap((task) => {
    const own = events.filter(({ task_id }) => task_id === task.id)
    const last = own.at(-1)
    const isDeleted = last?.event_type === 'task.deleted'
    const versions = own.map(({ data }) => data.version)
    return [
      ...illegal(own),
      ...(own[0]?.event_type === 'task.created'
        ? []
        : [`${task.occurrence} does not begin with its creation`]),
      ...(last?.data.status === task.status
        ? []
        : [`${task.occurrence} is ${task.status}, its log says ${last?.data.status}`]),
      ...(isDeleted === (task.deleted_at !== null)
        ? []
        : [`${task.occurrence}: its log says deleted ${isDeleted}`]),
      ...(versions.join() === Array.from({ length: task.version }, (_, index) => index + 1).join()
        ? []
        : [`${task.occurrence} has the versions ${versions.join()}, not 1 to ${task.version}`]),
    ]
  })
}

/** From which states an event comes about. */
const comesFrom = (event_type: string, was: string | null): string[] => {
  if (event_type === 'task.restored' && was !== 'deleted') return [was!]
  if (event_type === 'task.reopened') return ['done']
  if (event_type === 'task.missed' || event_type === 'task.cancelled') return ['open']
  if (event_type === 'task.completed') return ['open', 'skipped', 'missed']
  if (event_type === 'task.skipped') return ['open']
  return ['open', 'done', 'skipped', 'missed', 'cancelled']
}

const illegal = (own: Logged[]): string[] =>
  own.slice(1).flatMap(({ event_type, was, data }, index) => {
    const before = own[index]!.data.status
    const isFrom = comesFrom(event_type, was).includes(before)
    return isFrom ? [] : [`${data.occurrence} was ${before} at ${event_type}`]
  })

/** One for each open task whose time has not come, none for others. */
function reminders({ series, tasks, planned }: Seen): string[] {
  return tasks.flatMap((task) => {
    const own = planned.filter(({ task_id }) => task_id === task.id)
    if (!isOpen(task)) return own.length === 0 ? [] : [`${task.occurrence} is closed and will be reminded of`]
    if (own.length > 1) return [`${task.occurrence} has ${own.length} reminders`]
    const isTimed = task.due_date?.includes('T')
    return own.length === 0 && isTimed && isAfter(task.due_at!, series.now)
      ? [`${task.occurrence} will not be reminded of`]
      : []
  })
}

function backwards({ series }: Seen, { settled, mayGoBack }: World): string[] {
  const { settled_through } = series
  return mayGoBack || settled_through >= settled ? [] : [`it went back from ${settled} to ${settled_through}`]
}

/** What comes next is still to come; by completion a task is open, or the series is over. */
function standing({ series, tasks }: Seen): string[] {
  if (!series.is_active) return []
  if (series.mode === 'completion') return tasks.some(isOpen) ? [] : ['nothing is open and nothing will come']
  const next = series.next_created_at
  const isDealtWith = tasks.some(
    (task) =>
      task.occurrence === series.next_occurrence &&
      (task.deleted_at !== null || !['open', 'cancelled'].includes(task.status)),
  )
  return [
    ...(next !== null && isAfter(next, series.now)
      ? []
      : [`the next is at ${next}, and it is ${series.now}`]),
    ...(isDealtWith ? [`the next is ${series.next_occurrence}, which is closed`] : []),
  ]
}

const describe = ({ series, tasks, virtual }: Seen) =>
  [
    `at ${series.now}, settled through ${series.settled_through}, next ${series.next_occurrence}, active ${series.is_active}`,
    ...tasks.map(
      ({ occurrence, status, deleted_at, due_at, overrides, version }) =>
        `  ${occurrence} ${status}${deleted_at ? ' deleted' : ''}, due ${due_at}, v${version} ${overrides.join()}`,
    ),
    ...virtual.map(({ occurrence, state }) => `  ${occurrence} never made, ${state}`),
  ].join('\n')
