import { describe, expect, test } from 'vitest'
import { changed, type Present } from './change.ts'

/** A weekly series on Tuesdays, made up to and with 15 January 2030; today is the 20th. */
const weekly: Present = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  user_id: '01890a5d-ac96-774b-bcce-b302099a8058',
  title: 'x',
  description: null,
  priority: 2,
  tags: [],
  recurrence_type: 'weekly',
  recurrence_interval: 1,
  start_date: '2030-01-01T09:00:00',
  end_date: null,
  next_due_at: '2030-01-22T08:00:00Z',
  is_active: true,
  last_created_at: '2030-01-15T08:00:00Z',
  version: 1,
  created_at: '2030-01-01T00:00:00Z',
  updated_at: '2030-01-01T00:00:00Z',
  settled_through: '2030-01-15',
  next_occurrence: '2030-01-22T09:00:00',
  next_created_at: '2030-01-22T08:00:00Z',
  now: '2030-01-20T12:00:00Z',
  time_zone: 'Europe/Berlin',
}
const stopped: Present = { ...weekly, is_active: false, now: '2030-06-20T12:00:00Z' }
const ended: Present = {
  ...stopped,
  end_date: '2030-01-15',
  next_occurrence: null,
  next_due_at: null,
  next_created_at: null,
}

describe('a new rule goes on after the last occurrence that was made', () => {
  test.each([
    ['another type', { recurrence_type: 'daily' as const }, '2030-01-16T09:00:00', '2030-01-16T08:00:00Z'],
    ['another interval', { recurrence_interval: 2 }, '2030-01-29T09:00:00', '2030-01-29T08:00:00Z'],
    [
      'a later time of day: not the day that was made again',
      { start_date: '2030-01-01T18:00:00' },
      '2030-01-22T18:00:00',
      '2030-01-22T17:00:00Z',
    ],
    ['another weekday', { start_date: '2030-01-02T09:00:00' }, '2030-01-16T09:00:00', '2030-01-16T08:00:00Z'],
    ['a later start', { start_date: '2030-03-05T09:00:00' }, '2030-03-05T09:00:00', '2030-03-05T08:00:00Z'],
    [
      'an earlier start: not what was before',
      { start_date: '2029-01-02T09:00:00' },
      '2030-01-22T09:00:00',
      '2030-01-22T08:00:00Z',
    ],
    ['days in the place of times', { start_date: '2030-01-01' }, '2030-01-22', '2030-01-22T23:00:00Z'],
    ['a far end', { end_date: '2031-01-01' }, '2030-01-22T09:00:00', '2030-01-22T08:00:00Z'],
  ])('%s', (_, patch, next_occurrence, next_due_at) => {
    expect(changed(weekly, patch)).toMatchObject({ ...patch, next_occurrence, next_due_at, is_active: true })
  })

  test('a date is made as its day begins', () => {
    expect(changed(weekly, { start_date: '2030-01-01' })).toMatchObject({
      next_created_at: '2030-01-21T23:00:00Z',
    })
  })

  test('an end that has been reached ends it', () => {
    expect(changed(weekly, { end_date: '2030-01-21' })).toMatchObject({
      is_active: false,
      next_occurrence: null,
      next_due_at: null,
      next_created_at: null,
    })
  })
})

test('a new title leaves the schedule alone', () => {
  expect(changed(weekly, { title: 'y' })).toEqual({ ...weekly, title: 'y' })
})

describe('a stopped series', () => {
  test('keeps its place when it is stopped', () => {
    expect(changed(weekly, { is_active: false })).toEqual({ ...weekly, is_active: false })
  })

  test('resumed, makes up for nothing: neither now nor when its rule changes afterwards', () => {
    const resumed = changed(stopped, { is_active: true })!
    expect(resumed).toMatchObject({ is_active: true, next_due_at: '2030-06-25T07:00:00Z' })
    expect(changed(resumed, { end_date: '2031-01-01' })).toMatchObject({
      next_due_at: '2030-06-25T07:00:00Z',
    })
  })

  test('stays stopped when its rule changes', () => {
    expect(changed(stopped, { recurrence_type: 'daily' })).toMatchObject({ is_active: false })
  })

  test('a day that has begun is not over: resumed today, it makes the task of today', () => {
    const days: Present = { ...stopped, start_date: '2030-01-03', now: '2030-06-20T12:00:00Z' }
    expect(changed(days, { is_active: true })).toMatchObject({ next_occurrence: '2030-06-20' })
  })
})

describe('a series that has come to its end', () => {
  test('goes on from now with a later end', () => {
    expect(changed(ended, { end_date: null })).toMatchObject({
      is_active: true,
      next_due_at: '2030-06-25T07:00:00Z',
    })
  })

  test('stays stopped with a later end, when that is asked for', () => {
    expect(changed(ended, { end_date: null, is_active: false })).toMatchObject({
      is_active: false,
      next_due_at: '2030-01-22T08:00:00Z',
    })
  })

  test('is over with another end that is past', () => {
    expect(changed(ended, { end_date: '2030-03-01' })).toMatchObject({ is_active: false, next_due_at: null })
  })

  test('cannot be resumed as it is', () => {
    expect(() => changed(ended, { is_active: true })).toThrow('come to its end')
  })
})
