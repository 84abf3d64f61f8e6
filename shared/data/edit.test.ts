import { describe, expect, test } from 'vitest'
import { effectOf, planEdit, type Before } from './edit.ts'
import type { OpenTask } from './occurrences.ts'
import type { LockedSeries } from './series.ts'
import { weekly } from '../testing/weekly.ts'

const open = (occurrence: string, overrides: string[] = []): OpenTask => ({
  id: '01890a5d-ac96-774b-bcce-b302099a8059',
  occurrence,
  due_date: occurrence,
  due_at: '2030-01-22T08:00:00Z',
  title: 'x',
  reminders: ['PT0S'],
  overrides,
  missed_count: 0,
  overdue_since: null,
  planned_reminders: 1,
})
const before = (row: Partial<LockedSeries> = {}, tasks = [open('2030-01-22T09:00:00')]): Before => ({
  row: { ...weekly, ...row },
  open: tasks,
  lastClosed: '2030-01-15T09:00:00',
})
const late = '2030-06-20T12:00:00Z'
const stopped = { is_active: false, now: late }
const ended = {
  ...stopped,
  end_date: '2030-01-22',
  ended_at: '2030-01-22T08:00:00Z',
  next_occurrence: null,
  next_due_at: null,
  next_created_at: null,
}

describe('a new rule that does not have the open task puts the next date in its place', () => {
  test.each([
    [
      'another time of day',
      { start_date: '2030-01-01T18:00:00' },
      '2030-01-22T18:00:00',
      '2030-01-29T18:00:00',
    ],
    ['another weekday', { start_date: '2030-01-04T09:00:00' }, '2030-01-25T09:00:00', '2030-02-01T09:00:00'],
    ['a later start', { start_date: '2030-03-05T09:00:00' }, '2030-03-05T09:00:00', '2030-03-12T09:00:00'],
    ['days in the place of times', { start_date: '2030-01-01' }, '2030-01-22', '2030-01-29'],
    [
      'a rule',
      { recurrence_rule: 'FREQ=WEEKLY;BYDAY=TU,SU', start_date: '2030-01-06T09:00:00' },
      '2030-01-22T09:00:00',
      '2030-01-27T09:00:00',
    ],
  ])('%s', (_, patch, made, next_occurrence) => {
    const edit = planEdit(before(), patch)
    expect(edit.make?.key ?? edit.kept[0]?.occurrence).toBe(made)
    expect(edit.after).toMatchObject({ next_occurrence, is_active: true })
  })

  test('never on the day of what is closed, and never in the past', () => {
    const today = before({ now: '2030-01-15T12:00:00Z' })
    expect(planEdit(today, { start_date: '2030-01-01T18:00:00' }).make?.key).toBe('2030-01-22T18:00:00')
    const overdue = before({ now: '2030-01-25T12:00:00Z' })
    expect(planEdit(overdue, { start_date: '2030-01-03T09:00:00' }).make?.key).toBe('2030-01-31T09:00:00')
  })

  test('an end that has been reached ends it', () => {
    const edit = planEdit(before(), { end_date: '2030-01-21' })
    expect(edit).toMatchObject({ make: undefined, cancelled: [{ occurrence: '2030-01-22T09:00:00' }] })
    expect(edit.after).toMatchObject({ is_active: false, ended_at: weekly.now, next_occurrence: null })
  })
})

describe('a new rule that still has the open task keeps it', () => {
  test.each([
    ['every day', { recurrence_type: 'daily' as const }, '2030-01-23T09:00:00'],
    ['a far end', { end_date: '2031-01-01' }, '2030-01-29T09:00:00'],
    ['an earlier start', { start_date: '2029-01-02T09:00:00' }, '2030-01-29T09:00:00'],
  ])('%s', (_, patch, next_occurrence) => {
    const edit = planEdit(before(), patch)
    expect(edit).toMatchObject({
      kept: [{ occurrence: '2030-01-22T09:00:00' }],
      cancelled: [],
      make: undefined,
    })
    expect(edit.after).toMatchObject({ next_occurrence })
  })
})

describe('what was changed by hand', () => {
  test('is kept where the new rule has its date, and is a conflict where it has not', () => {
    const renamed = before({}, [open('2030-01-22T09:00:00', ['title'])])
    expect(planEdit(renamed, { recurrence_type: 'daily' })).toMatchObject({
      kept: [{}],
      conflicts: [],
      cancelled: [],
    })
    const edit = planEdit(renamed, { start_date: '2030-01-04T09:00:00' })
    expect(edit).toMatchObject({ kept: [], conflicts: [{}], cancelled: [] })
    expect(effectOf(renamed, edit).conflicts).toMatchObject([
      { occurrence: '2030-01-22T09:00:00', title: 'x' },
    ])
  })
})

test('what a change does is told in numbers and in words', () => {
  const given = before({}, [open('2030-01-22T09:00:00')])
  const effect = effectOf(given, planEdit(given, { start_date: '2030-01-04T09:00:00' }))
  expect(effect).toEqual({
    dates_changed: 52,
    tasks_changed: 0,
    tasks_cancelled: 1,
    reminders_cancelled: 1,
    overrides_kept: 0,
    conflicts: [],
    summary: '52 future dates change, 1 open task is cancelled, 1 reminder is cancelled',
  })
})

test('a new title leaves the schedule alone', () => {
  const { after, isChanged } = planEdit(before(), { title: 'y' })
  expect([after, isChanged]).toEqual([{ ...weekly, title: 'y' }, true])
  expect(planEdit(before(), { title: 'x', reminders: ['PT0S'] }).isChanged).toBe(false)
})

describe('a stopped series', () => {
  test('keeps its place when it is stopped', () => {
    expect(planEdit(before(), { is_active: false }).after).toEqual({ ...weekly, is_active: false })
  })

  test('resumed, makes up for nothing: neither now nor when its rule changes afterwards', () => {
    const { after } = planEdit(before(stopped), { is_active: true })
    expect(after).toMatchObject({ is_active: true, next_due_at: '2030-06-25T07:00:00Z' })
    const again = planEdit({ ...before(), row: after }, { end_date: '2031-01-01' })
    expect(again.make).toBeUndefined()
  })

  test('resumed without an open task, makes that of the next date', () => {
    expect(planEdit(before(stopped, []), { is_active: true }).make?.key).toBe('2030-06-25T09:00:00')
  })

  test('stays stopped when its rule changes', () => {
    expect(planEdit(before(stopped), { recurrence_type: 'daily' }).after).toMatchObject({ is_active: false })
  })

  test('a day that has begun is not over: resumed today, it makes the task of today', () => {
    const days = before({ ...stopped, start_date: '2030-01-03' }, [])
    expect(planEdit(days, { is_active: true }).make?.key).toBe('2030-06-20')
  })
})

describe('a series that has come to its end', () => {
  test('goes on from now with a later end', () => {
    expect(planEdit(before(ended, []), { end_date: null })).toMatchObject({
      make: { key: '2030-06-25T09:00:00' },
      after: { is_active: true, ended_at: null },
    })
  })

  test('stays stopped with a later end, when that is asked for', () => {
    const { after, make } = planEdit(before(ended, []), { end_date: null, is_active: false })
    expect([after.is_active, make]).toEqual([false, undefined])
  })

  test('is over with another end that is past', () => {
    expect(planEdit(before(ended, []), { end_date: '2030-03-01' }).after).toMatchObject({
      is_active: false,
      next_due_at: null,
    })
  })

  test('cannot be resumed as it is', () => {
    expect(() => planEdit(before(ended, []), { is_active: true })).toThrow('come to its end')
  })
})
