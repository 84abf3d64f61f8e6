import { describe, expect, test } from 'vitest'
import type { Task } from '../api/shapes.ts'
import { drafted } from '../offline/command.ts'
import {
  countTasks,
  inboxTasks,
  isLate,
  placedOne,
  tagCounts,
  taggedTasks,
  todayGroups,
  upcomingDays,
  type Here,
  type Placed,
} from './groups.ts'

const none = () => false

/** Tuesday, ten o'clock in the morning in Berlin. */
const here: Here = { zone: 'Europe/Berlin', today: '2026-11-24', now: { day: '2026-11-24', time: '10:00' } }

let made = 0

/** A task that the server has made; its title is its due date unless it has one. */
function task(fields: Partial<Task>): Task {
  const number = String(++made).padStart(3, '0')
  const draft = drafted({
    id: '',
    user: '',
    title: '',
    params: {},
    operation: 'task-create',
    subject: `task-${number}`,
    position: '',
  })
  const due_at = fields.due_date?.endsWith('Z') ? fields.due_date : null
  const title = fields.due_date ?? 'no date'
  return { ...draft, version: 1, created_at: `2026-11-01T00:00:00.${number}Z`, due_at, title, ...fields }
}

const titles = (placed: readonly Placed[]) => placed.map(({ task: { title } }) => title)

describe('late', () => {
  test.each([
    ['2026-11-23', true],
    ['2026-11-24', false],
    ['2026-11-24T09:59:00', true],
    ['2026-11-24T10:00:00', true],
    ['2026-11-24T10:01:00', false],
    ['2026-11-24T08:30:00Z', true],
    ['2026-11-24T09:30:00Z', false],
    ['2026-11-25T00:00:00', false],
  ])('%s: %s', (due_date, expected) => {
    expect(isLate(placedOne(task({ due_date }), here.zone).due, here)).toBe(expected)
  })

  test('nothing without a date is', () => expect(isLate(null, here)).toBe(false))
})

describe('Today', () => {
  test('what is late, then by time, then without a time; the important and the older first', () => {
    const tasks = [
      task({ due_date: '2026-11-24', title: 'old' }),
      task({ due_date: '2026-11-24', title: 'important', priority: 1 }),
      task({ due_date: '2026-11-24', title: 'young' }),
      task({ due_date: '2026-11-24T15:00:00' }),
      task({ due_date: '2026-11-24T11:00:00' }),
      task({ due_date: '2026-11-20' }),
      task({ due_date: '2026-11-25' }),
      task({ due_date: null }),
      task({ due_date: '2026-11-24', status: 'done' }),
    ]
    const { late, timed, dated } = todayGroups(tasks, here, none)
    expect(titles(late)).toEqual(['2026-11-20'])
    expect(titles(timed)).toEqual(['2026-11-24T11:00:00', '2026-11-24T15:00:00'])
    expect(titles(dated)).toEqual(['important', 'old', 'young'])
    expect(countTasks(tasks, here)).toEqual({ inbox: 1, today: 6, late: 1 })
  })

  test('what was done a moment ago keeps its place', () => {
    const done = task({ due_date: '2026-11-24', status: 'done', title: 'done' })
    const tasks = [done, task({ due_date: '2026-11-24', title: 'open' })]
    expect(titles(todayGroups(tasks, here, (id) => id === done.id).dated)).toEqual(['done', 'open'])
  })

  test('after midnight, before the day starts: the night belongs to the day before', () => {
    const night: Here = { ...here, today: '2026-11-23', now: { day: '2026-11-24', time: '01:00' } }
    const tasks = [task({ due_date: '2026-11-23' }), task({ due_date: '2026-11-24T02:00:00' })]
    const { late, timed, dated } = todayGroups(tasks, night, none)
    expect([titles(late), titles(timed), titles(dated)]).toEqual([
      [],
      ['2026-11-24T02:00:00'],
      ['2026-11-23'],
    ])
  })

  test('an instant is of the day that it is where the reader lives', () => {
    const instant = task({ due_date: '2026-11-24T23:30:00Z' })
    expect(titles(todayGroups([instant], here, none).timed)).toEqual([])
    expect([...upcomingDays([instant], here, none).keys()]).toEqual(['2026-11-25'])
  })
})

test('Upcoming has the days in order, each with its timed ones first', () => {
  const tasks = ['2026-12-01', '2026-11-25', '2026-11-25T09:00:00', '2026-11-24', '2026-11-23'].map(
    (due_date) => task({ due_date }),
  )
  const days = [...upcomingDays(tasks, here, none)].map(([day, placed]) => [day, titles(placed)])
  expect(days).toEqual([
    ['2026-11-25', ['2026-11-25T09:00:00', '2026-11-25']],
    ['2026-12-01', ['2026-12-01']],
  ])
})

test('a task that the server has not made yet comes last, whatever its clock says', () => {
  const local = { ...task({ due_date: null, title: 'local' }), version: 0, created_at: '0001' }
  const tasks = [local, task({ due_date: null, title: 'made' })]
  expect(titles(inboxTasks(tasks, here.zone, none))).toEqual(['made', 'local'])
})

test('tags of open tasks, the most used first', () => {
  const tasks = [
    task({ tags: ['home', 'work'] }),
    task({ tags: ['work'], due_date: '2026-11-24' }),
    task({ tags: ['gone'], status: 'done' }),
    task({ tags: ['art'] }),
  ]
  expect(tagCounts(tasks)).toEqual([
    ['work', 2],
    ['art', 1],
    ['home', 1],
  ])
  expect(titles(taggedTasks(tasks, 'work', here.zone, none))).toEqual(['2026-11-24', 'no date'])
})

test('the same task is placed as the same object, until it changes or the reader moves', () => {
  const one = task({ due_date: '2026-11-24T23:30:00Z' })
  expect(placedOne(one, 'UTC')).toBe(placedOne(one, 'UTC'))
  expect(placedOne({ ...one }, 'UTC')).not.toBe(placedOne(one, 'UTC'))
  expect(placedOne(one, 'UTC').due!.day).toBe('2026-11-24')
  expect(placedOne(one, 'Asia/Tokyo').due!.day).toBe('2026-11-25')
})
