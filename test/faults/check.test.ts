/** The checker finds what is planted, by its name, and nothing in a clean history. */
import { describe, expect, test } from 'vitest'
import { Problem } from '../../shared/contract/problem.ts'
import { invariants, violations } from './check.ts'
import { eventIn, recordsOf } from './collect.ts'
import type { History } from './history.ts'

const done = { user: 'ada', atMs: 0, outcome: 'ok', status: 200, body: '' } as const

/** The answer of a server whose database is away. */
const failed = (detail: string) => JSON.stringify(new Problem('unavailable', detail).body('r-1'))

/** As the database writes it. */
const newYear = '2026-01-01 00:00:00+00'

const created = {
  ...done,
  kind: 'create',
  title: 'a',
  due: '2026-01-01T00:00:00.000Z',
  key: 'k1',
  task: 't1',
  body: '{"id":"t1"}',
} as const

/** Two tasks: one created, renamed and completed before its reminder came; one of an unknown create, with a reminder that came. */
const clean = (): History => ({
  collectedAt: '2026-01-02 00:00:00+00',
  operations: [
    { ...created },
    { ...created },
    { ...done, kind: 'update', title: 'b', task: 't1' },
    {
      ...done,
      kind: 'update',
      title: 'c',
      task: 't1',
      outcome: 'unknown',
      status: 503,
      body: failed('The database cannot be reached right now. Try again in a moment.'),
    },
    { ...done, kind: 'complete', task: 't1' },
    { ...done, kind: 'create', title: 'd', key: 'k2', outcome: 'unknown', status: 0 },
    { ...done, kind: 'steal', task: 't1', user: 'eve', outcome: 'fail', status: 404 },
    { ...done, kind: 'list', owners: ['ada', 'ada'] },
    { ...done, kind: 'recur', series: 's1' },
  ],
  tasks: [
    {
      id: 't1',
      user: 'ada',
      title: 'b',
      version: 3,
      done: true,
      closed: true,
      deleted: false,
      dueAt: newYear,
    },
    {
      id: 't2',
      user: 'ada',
      title: 'd',
      version: 1,
      done: false,
      closed: false,
      deleted: false,
      dueAt: newYear,
    },
  ],
  logged: [
    { id: 'e1', type: 'task.created', topic: 'task-created', user: 'ada', key: 't1', version: 1 },
    { id: 'e2', type: 'task.updated', topic: 'task-updated', user: 'ada', key: 't1', version: 2 },
    { id: 'e3', type: 'task.completed', topic: 'task-completed', user: 'ada', key: 't1', version: 3 },
    { id: 'e4', type: 'task.created', topic: 'task-created', user: 'ada', key: 't2', version: 1 },
  ],
  stored: [
    { topic: 'task-created', key: 't1', id: 'e1', version: 1 },
    { topic: 'task-created', key: 't2', id: 'e4', version: 1 },
    { topic: 'task-updated', key: 't1', id: 'e2', version: 2 },
    { topic: 'task-completed', key: 't1', id: 'e3', version: 3 },
    // Sent twice, the second time late: allowed. So is what was sent to one consumer again.
    { topic: 'task-created', key: 't1', id: 'e1', version: 1 },
    { topic: 'task-statistics-redelivery', key: 't1', id: 'e3', version: 3 },
    { topic: 'task-statistics-redelivery', key: 't1', id: 'e2', version: 2 },
    { topic: 'task-created', key: '', id: null, version: null },
  ],
  subscriptions: [
    { consumer: 'task-statistics', topic: 'task-created' },
    { consumer: 'task-statistics', topic: 'task-updated' },
    { consumer: 'task-statistics', topic: 'task-completed' },
  ],
  receipts: ['e1', 'e2', 'e3', 'e4'].map((event) => ({ consumer: 'task-statistics', event })),
  statistics: [{ user: 'ada', created: 2, updated: 1, completed: 1, deleted: 0 }],
  reminders: [
    {
      id: 'r1',
      task: 't2',
      remindAt: newYear,
      firedAt: '2026-01-01T00:00:00.1Z',
      notifiedAt: ['2026-01-01T00:00:00.2Z'],
    },
    { id: 'r2', task: 't2', remindAt: '2027-01-01T00:00:00Z', firedAt: null, notifiedAt: [] },
    { id: 'r3', task: 't1', remindAt: newYear, firedAt: null, notifiedAt: [] },
  ],
  poison: [{ topic: 'task-created', value: 'no JSON' }],
  deadLetters: [{ topic: 'task-created', value: 'no JSON' }],
  mails: [
    { id: 'm1', task: 't2', reminder: 'r1', state: 'sent', reason: null, arrived: 1 },
    { id: 'm2', task: 't1', reminder: 'r4', state: 'unknown', reason: 'It may have been sent.', arrived: 1 },
    { id: 'm3', task: 't1', reminder: 'r3', state: 'cancelled', reason: 'The task was closed.', arrived: 0 },
  ],
  series: ['s1'],
  announced: [{ series: 's1', occurrence: '2026-01-02' }],
  occurrences: [
    { series: 's1', occurrence: '2026-01-01' },
    { series: 's1', occurrence: '2026-01-02' },
  ],
  waiting: 0,
  unready: [],
  wentBack: false,
  drainedMs: 900,
  settledMs: 900,
})

test('a clean history breaks no promise', () => {
  expect(violations(clean())).toEqual([])
})

test('nor does a deletion whose answer was lost, done or not', () => {
  const history = clean()
  history.operations.push({ ...done, kind: 'delete', task: 't1', outcome: 'unknown', status: 0 })
  expect(violations(history)).toEqual([])
  const event = { id: 'e5', topic: 'task-deleted', key: 't1', version: 4 }
  history.logged.push({ ...event, type: 'task.deleted', user: 'ada' })
  history.stored.push(event)
  history.statistics[0]!.deleted = 1
  Object.assign(history.tasks[0]!, { deleted: true, version: 4 })
  expect(violations(history)).toEqual([])
})

/** The value of a record, as the relay publishes it. */
const recordOf = (id: string, user: string) =>
  eventIn(Buffer.from(JSON.stringify({ id, data: { user_id: user, version: 1 } })))

test('what is collected of the broker has a record of a user that no log has', () => {
  const { logged } = clean()
  const found = ['e1', 'e9'].map((id) => ({ topic: 'task-created', key: 't1', ...recordOf(id, 'ada') }))
  const others = [
    { topic: 'task-created', key: 't8', ...recordOf('e8', 'eve') },
    { topic: 'task-created', key: '', ...eventIn(Buffer.from('no JSON')) },
  ]
  const stored = recordsOf(['ada'], logged, [...found, ...others])
  expect(stored.map(({ id }) => id)).toEqual(['e1', 'e9'])
  expect(violations({ ...clean(), stored: [...clean().stored, ...stored] })).toMatchObject([
    { what: 'e9 is in no log' },
  ])
})

/** What is planted, and the promises that it breaks. */
const planted: [string, string[], (history: History) => void][] = [
  [
    'an acknowledged task that is gone',
    ['I1'],
    ({ tasks, logged, stored, statistics }) => {
      tasks.shift()
      logged.splice(0, 3)
      stored.splice(0, 8, { topic: 'task-created', key: 't2', id: 'e4', version: 1 })
      Object.assign(statistics[0]!, { created: 1, updated: 0, completed: 0 })
    },
  ],
  ['an acknowledged change that is gone', ['I1'], ({ tasks }) => void (tasks[0]!.title = 'a')],
  ['a change that nobody made', ['I1'], ({ tasks }) => void (tasks[0]!.version = 9)],
  ['a completion that is gone', ['I1'], ({ tasks }) => void (tasks[0]!.done = false)],
  [
    'a completion that nobody asked for',
    ['I1'],
    ({ tasks }) => void Object.assign(tasks[1]!, { done: true, closed: true }),
  ],
  ['a deletion that nobody asked for', ['I1'], ({ tasks }) => void (tasks[0]!.deleted = true)],
  [
    'a deletion that was refused',
    ['I1'],
    ({ tasks, operations }) => {
      tasks[0]!.deleted = true
      operations.push({ ...done, kind: 'delete', task: 't1', outcome: 'fail', status: 412 })
    },
  ],
  [
    'a task of no series that was missed',
    ['I1'],
    ({ tasks, operations }) => {
      tasks[0]!.done = false
      operations.splice(4, 1)
    },
  ],
  ['a due date that is gone', ['I1'], ({ tasks }) => void (tasks[0]!.dueAt = null)],
  ['reminders that are gone', ['I1'], (history) => void (history.reminders = [])],
  ['a lost event', ['I2'], ({ stored }) => void stored.splice(2, 1)],
  [
    'an invented event',
    ['I2'],
    ({ stored }) => void stored.push({ topic: 'task-created', key: 't9', id: 'e9', version: 1 }),
  ],
  ['an event in another topic', ['I2'], ({ stored }) => void (stored[2]!.topic = 'task-created')],
  ['an event under another key', ['I2'], ({ stored }) => void (stored[2]!.key = 't2')],
  [
    'an event that was sent again to a stranger to its topic',
    ['I2'],
    ({ stored }) => void (stored[5]!.topic = 'notification-plan-redelivery'),
  ],
  ['an event that was sent again, but never before', ['I2'], ({ stored }) => void stored.splice(3, 1)],
  [
    'a task without its event',
    ['I2'],
    ({ tasks }) =>
      void tasks.push({
        id: 't3',
        user: 'ada',
        title: 'x',
        version: 1,
        done: false,
        closed: false,
        deleted: false,
        dueAt: null,
      }),
  ],
  ['a double effect', ['I3'], ({ statistics }) => void statistics[0]!.created++],
  ['an effect that is missing', ['I3'], ({ statistics }) => void statistics.pop()],
  [
    'a double notification',
    ['I3'],
    ({ reminders }) => void reminders[0]!.notifiedAt.push('2026-01-01T00:00:01Z'),
  ],
  ['a notification that is missing', ['I3'], ({ reminders }) => void (reminders[0]!.notifiedAt = [])],
  ['a notification without a mail', ['I3'], ({ mails }) => void mails.shift()],
  [
    'a mail of an open task that was cancelled',
    ['I3'],
    ({ mails }) => void Object.assign(mails[0]!, { state: 'cancelled', reason: 'Closed.', arrived: 0 }),
  ],
  ['a mail that was sent twice', ['I3'], ({ mails }) => void (mails[0]!.arrived = 2)],
  ['a mail that was sent and never arrived', ['I3'], ({ mails }) => void (mails[0]!.arrived = 0)],
  ['a mail that was cancelled and arrived', ['I3'], ({ mails }) => void (mails[2]!.arrived = 1)],
  ['a mail in doubt that does not say so', ['I3'], ({ mails }) => void (mails[1]!.reason = null)],
  [
    'a reordered version',
    ['I4'],
    ({ stored, logged, receipts, statistics }) => {
      logged.push({
        id: 'e5',
        type: 'task.updated',
        topic: 'task-updated',
        user: 'ada',
        key: 't1',
        version: 4,
      })
      receipts.push({ consumer: 'task-statistics', event: 'e5' })
      statistics[0]!.updated++
      stored.splice(2, 0, { topic: 'task-updated', key: 't1', id: 'e5', version: 4 })
    },
  ],
  [
    'a reminder that never came',
    ['I5'],
    ({ reminders }) => void Object.assign(reminders[0]!, { firedAt: null, notifiedAt: [] }),
  ],
  ['an early reminder', ['I5'], ({ reminders }) => void (reminders[0]!.firedAt = '2025-12-31T23:59:59Z')],
  [
    'an early notification',
    ['I5'],
    ({ reminders }) => void (reminders[0]!.notifiedAt = ['2025-12-31T23:59:59Z']),
  ],
  ['a backlog that stayed', ['I5'], (history) => void (history.drainedMs = 60_001)],
  ['mails that waited', ['I5'], (history) => void (history.settledMs = 92_001)],
  ['two tasks of one occurrence', ['I6'], ({ occurrences }) => void occurrences.push(occurrences[0]!)],
  ['an occurrence that was announced and not made', ['I6'], ({ occurrences }) => void occurrences.pop()],
  ['a series without a task', ['I6'], ({ series }) => void series.push('s2')],
  ['an acknowledged series that is gone', ['I1'], ({ series }) => void series.pop()],
  ['two answers to one key', ['I7'], ({ operations }) => void (operations[1]!.body = '{"id":"other"}')],
  [
    'two tasks of one key',
    ['I2', 'I7'],
    ({ tasks }) =>
      void tasks.push({
        id: 't3',
        user: 'ada',
        title: 'd',
        version: 1,
        done: false,
        closed: false,
        deleted: false,
        dueAt: null,
      }),
  ],
  ['an event that nobody handled', ['I8'], ({ receipts }) => void receipts.pop()],
  [
    'a mail that is still planned',
    ['I8'],
    ({ mails }) =>
      mails.push({ id: 'm4', task: 't2', reminder: 'r1', state: 'planned', reason: null, arrived: 0 }),
  ],
  ['an event that still waits', ['I8'], (history) => void (history.waiting = 1)],
  ['a part that did not come back', ['I8'], ({ unready }) => void unready.push('kafka does not answer')],
  ["somebody else's task that was read", ['I9'], ({ operations }) => void (operations[6]!.outcome = 'ok')],
  [
    "somebody else's task in a list",
    ['I9'],
    ({ operations }) => void operations.push({ ...done, kind: 'list', owners: ['eve'] }),
  ],
  [
    'an error with a stack',
    ['I10'],
    ({ operations }) => void (operations[3]!.body = 'Error: x\n    at run (/app/main.mjs:1:2)'),
  ],
  ...[
    'connect ECONNREFUSED',
    'terminating connection due to administrator command',
    'duplicate key value violates unique constraint "tasks_pkey"',
    'relation "tasks" does not exist',
    'write CONNECT_TIMEOUT db:5432',
  ].map((detail): (typeof planted)[number] => [
    `an error that says ${detail}`,
    ['I10'],
    ({ operations }) => void (operations[3]!.body = failed(detail)),
  ]),
  [
    'an error with more than is told',
    ['I10'],
    ({ operations }) => void (operations[3]!.body = operations[3]!.body.replace('{', '{"cause":"x",')),
  ],
  ['poison that is gone', ['I11'], ({ deadLetters }) => void deadLetters.pop()],
  [
    'poison whose neighbour is kept for it',
    ['I11'],
    ({ deadLetters }) => void (deadLetters[0]!.topic = 'task-updated'),
  ],
  [
    'a refusal with a constraint',
    ['I10'],
    ({ operations }) =>
      void Object.assign(operations[6]!, { body: 'insert into "tasks" violates check "tasks_check"' }),
  ],
]

describe('found:', () => {
  test.each(planted)('%s (%j)', (_, expected, plant) => {
    const history = clean()
    plant(history)
    const found = new Set(violations(history).map(({ invariant }) => invariant.split(' ')[0]))
    expect([...found]).toEqual(expected)
  })

  test('there is a plant for every promise', () => {
    const names = Object.keys(invariants).map((name) => name.split(' ')[0])
    expect(new Set(planted.flatMap(([, expected]) => expected))).toEqual(new Set(names))
  })
})
