/**
 * Series of every kind under anything that may happen to them in any order, on a real Postgres with a moved clock: after each
 * step nothing is lost, doubled or early. Each run draws the same steps; `SERIES_RUNS=100` draws as many others of each kind. A
 * failure prints its seed, for `SERIES_SEED`, and the shortest sequence that fails.
 */
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { sql } from '../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../shared/testing/database.ts'
import { startSeries } from '../../shared/testing/series.ts'
import { signIn } from '../../shared/testing/user.ts'
import { violations } from './series-invariants.ts'
import { settle, steps, type World } from './series-steps.ts'

useDatabase()
afterAll(() => travel('0'))

const { SERIES_RUNS: runs, SERIES_SEED: seed = runs === undefined ? '1' : undefined } = process.env
const commandsMax = 40

const kinds = {
  'daily at half past two where the clocks change': {
    zone: 'Europe/Berlin',
    fields: { recurrence_type: 'daily', start_date: '2030-03-28T02:30:00' },
  },
  'daily by date': {
    zone: 'America/New_York',
    fields: { recurrence_type: 'daily', start_date: '2030-03-28' },
  },
  'weekly on two days': {
    zone: 'UTC',
    fields: { recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO,TH', start_date: '2030-03-28T19:00:00Z' },
  },
  'monthly on the 31st': {
    zone: 'UTC',
    fields: { recurrence_type: 'monthly', start_date: '2030-03-31T18:00:00', timezone: 'Europe/Berlin' },
  },
  'ten times': {
    zone: 'UTC',
    fields: { recurrence_rule: 'FREQ=DAILY;COUNT=10', start_date: '2030-03-28T20:00:00' },
  },
  'every six hours': {
    zone: 'UTC',
    fields: { recurrence_rule: 'FREQ=HOURLY;INTERVAL=6', start_date: '2030-03-28T13:00:00Z' },
  },
  'three days after it was done': {
    zone: 'Asia/Kathmandu',
    fields: {
      mode: 'completion',
      recurrence_type: 'daily',
      recurrence_interval: 3,
      start_date: '2030-03-28T21:00:00',
    },
  },
  'six Mondays, each after it was done': {
    zone: 'Europe/Berlin',
    fields: { mode: 'completion', recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=6', start_date: '2030-04-01' },
  },
}
type Kind = keyof typeof kinds
type StepName = keyof typeof steps
type Drawn = `${StepName} ${number}`

async function begin(kind: Kind, catch_up: string): Promise<World> {
  await sql`update recurring_tasks set deleted_at = clock_now(), is_active = false where deleted_at is null`
  await sql`update reminders set state = 'cancelled' where state = 'planned'`
  await travelTo('2030-03-28T12:00:00Z')
  const { zone, fields } = kinds[kind]
  const user = await signIn({ time_zone: zone })
  const { id, recurrence_interval: interval } = await startSeries(user, { ...fields, catch_up })
  const [{ settled, since }] = await sql<[{ settled: string; since: string }]>`
    select settled_through as settled, (select occurrence from tasks where recurring_task_id = ${id}) as since
    from recurring_tasks
    where id = ${id}`
  return { user, id, interval, delivered: new Set(), since, settled, mayGoBack: false }
}

/** What is wrong after a step. */
async function take(world: World, drawn: Drawn): Promise<string[]> {
  const [name, n] = drawn.split(' ') as [StepName, string]
  await steps[name](world, Number(n))
  return violations(world, false)
}

async function end(world: World): Promise<string[]> {
  await settle(world)
  return violations(world, true)
}

const fail = (wrong: string[]): void => {
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

/** What happens often is drawn often. */
const often: StepName[] = ['wait', 'waitForNext', 'scan', 'deliver', 'complete']
const names = [...(Object.keys(steps) as StepName[]), ...often, ...often]
const commands = names.map((name) =>
  fc.nat({ max: 999 }).map((n) => {
    const drawn: Drawn = `${name} ${n}`
    const run = async (_: object, world: World) => fail(await take(world, drawn))
    return { check: () => true, run, toString: () => drawn }
  }),
)

test.each(Object.keys(kinds) as Kind[])(
  '%s: nothing is lost, doubled or early',
  { timeout: 3_600_000 },
  async (kind) => {
    const property = fc.asyncProperty(
      fc.constantFrom('keep_one', 'skip_missed', 'keep_all'),
      fc.commands(commands, { maxCommands: commandsMax, size: 'max' }),
      async (catch_up, drawn) => {
        const world = await begin(kind, catch_up)
        await fc.asyncModelRun(() => ({ model: {}, real: world }), drawn)
        fail(await end(world))
      },
    )
    const settings = { numRuns: Number(runs ?? 2), ...(seed !== undefined && { seed: Number(seed) }) }
    const checked = await fc.check(property, settings)
    expect(checked.failed, fc.defaultReportMessage(checked)).toBe(false)
  },
)

/** Each of these went wrong once. */
const found: [what: string, Kind, string, Drawn[]][] = [
  [
    'a next one that was retracted comes again',
    'ten times',
    'keep_one',
    ['skip 0', 'undo 0', 'undo 1', 'complete 0'],
  ],
  [
    'one that is done ahead leaves the open one as the only one in advance',
    'every six hours',
    'keep_all',
    ['completeAhead 0'],
  ],
  [
    'one that is done ahead does not settle those before it',
    'daily at half past two where the clocks change',
    'keep_one',
    ['completeAhead 3', 'waitForNext 1', 'scan 0'],
  ],
  [
    'one that was opened ahead and is closed late does not settle those before it unseen',
    'daily at half past two where the clocks change',
    'keep_one',
    ['renameAhead 1', 'wait 5', 'skip 1'],
  ],
  [
    'a next one that is due stays when the one before is open again and a later one is on its way',
    'every six hours',
    'keep_one',
    ['complete 0', 'waitForNext 1', 'scan 0', 'reopen 0'],
  ],
  [
    'a next one that was retracted after its time is missed',
    'every six hours',
    'keep_one',
    ['complete 0', 'waitForNext 1', 'reopen 0'],
  ],
  [
    'an open one counts for itself when the current one is skipped',
    'monthly on the 31st',
    'keep_one',
    ['waitForNext 0', 'complete 0', 'skip 0', 'undo 0', 'wait 0', 'skipOverdue 0'],
  ],
  [
    'an open one counts for itself when the current one is done',
    'ten times',
    'keep_one',
    ['waitForNext 1', 'completeAhead 0', 'complete 0'],
  ],
  [
    'by completion the making of an occurrence is no command that can be undone, which would end the series',
    'six Mondays, each after it was done',
    'keep_one',
    ['complete 0', 'undo 1'],
  ],
  [
    'while one is on its way, none is made in advance, which would leave both open',
    'every six hours',
    'keep_one',
    ['wait 4', 'scan 0', 'completeBackDated 6', 'deliverLast 0', 'wait 2'],
  ],
  [
    'done on days before its own, the next is none that was done before',
    'six Mondays, each after it was done',
    'keep_one',
    ['completeBackDated 86', 'completeBackDated 0', 'completeBackDated 86'],
  ],
  [
    'the next one that is open already is told as it is when the completion is repeated',
    'six Mondays, each after it was done',
    'keep_one',
    ['complete 0', 'move 0', 'undo 0', 'complete 0'],
  ],
  [
    'where each stays open, thirty do, also when they come out of order',
    'daily at half past two where the clocks change',
    'keep_all',
    ['wait 7', 'scan 0', 'deliverLast 0', 'completeAhead 0'],
  ],
  [
    'a resumed series does not go on with what was deleted',
    'every six hours',
    'keep_one',
    ['delete 0', 'stop 0', 'delete 0', 'resume 0', 'scan 0'],
  ],
]

describe('once more', () => {
  test.each(found)('%s', async (_, kind, catch_up, drawn) => {
    const world = await begin(kind, catch_up)
    for (const step of drawn) expect(await take(world, step), step).toEqual([])
    expect(await end(world)).toEqual([])
  })
})
