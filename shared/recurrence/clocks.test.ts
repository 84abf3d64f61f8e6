/** Clock changes of the zones that are known for their oddities, and the complaints about them. */
import { describe, expect, test } from 'vitest'
import { formatDue } from './due.ts'
import { latestOccurrence, nextOccurrence, occurrences } from './expand.ts'
import { parseSeries } from './rrule-parse.ts'
import { parseSimple } from './simple.ts'

const daily = (start: string, zone: string, count: number) =>
  occurrences(parseSimple({ recurrence_type: 'daily', start_date: `${start}[${zone}]` }), { userZone: 'UTC' })
    .take(count)
    .toArray()

/** Each occurrence in its zone, with the offset. */
const shown = (start: string, zone: string, count: number) =>
  daily(start, zone, count).map((occurrence) =>
    occurrence.at.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' }),
  )

describe('a daily time over a clock change', () => {
  test.each([
    [
      'Berlin, gap',
      'Europe/Berlin',
      '2026-03-28T02:30',
      ['28T02:30:00+01:00', '29T03:30:00+02:00', '30T02:30:00+02:00'],
    ],
    [
      'Berlin, overlap',
      'Europe/Berlin',
      '2026-10-24T02:30',
      ['24T02:30:00+02:00', '25T02:30:00+02:00', '26T02:30:00+01:00'],
    ],
    [
      'New York, gap',
      'America/New_York',
      '2026-03-07T02:00',
      ['07T02:00:00-05:00', '08T03:00:00-04:00', '09T02:00:00-04:00'],
    ],
    [
      'New York, overlap',
      'America/New_York',
      '2026-10-31T01:30',
      ['31T01:30:00-04:00', '01T01:30:00-04:00', '02T01:30:00-05:00'],
    ],
    [
      'Lord Howe, a gap of half an hour',
      'Australia/Lord_Howe',
      '2026-10-03T02:15',
      ['03T02:15:00+10:30', '04T02:45:00+11:00', '05T02:15:00+11:00'],
    ],
    [
      'Lord Howe, its overlap',
      'Australia/Lord_Howe',
      '2026-04-04T01:45',
      ['04T01:45:00+11:00', '05T01:45:00+11:00', '06T01:45:00+10:30'],
    ],
    [
      'Cairo, midnight does not exist',
      'Africa/Cairo',
      '2026-04-23T00:00',
      ['23T00:00:00+02:00', '24T01:00:00+03:00', '25T00:00:00+03:00'],
    ],
    [
      'Cairo, midnight comes twice',
      'Africa/Cairo',
      '2026-10-29T23:30',
      ['29T23:30:00+03:00', '30T23:30:00+02:00', '31T23:30:00+02:00'],
    ],
    [
      'São Paulo, midnight did not exist',
      'America/Sao_Paulo',
      '2018-11-03T00:30',
      ['03T00:30:00-03:00', '04T01:30:00-02:00', '05T00:30:00-02:00'],
    ],
    [
      'São Paulo, no summer time any more',
      'America/Sao_Paulo',
      '2019-11-02T00:30',
      ['02T00:30:00-03:00', '03T00:30:00-03:00', '04T00:30:00-03:00'],
    ],
    [
      'Apia, a day that never was',
      'Pacific/Apia',
      '2011-12-29T09:00',
      ['29T09:00:00-10:00', '31T09:00:00+14:00', '01T09:00:00+14:00'],
    ],
    [
      'Kathmandu, a quarter of an hour',
      'Asia/Kathmandu',
      '1985-12-31T00:05',
      ['31T00:05:00+05:30', '01T00:20:00+05:45', '02T00:05:00+05:45'],
    ],
  ])('%s', (_, zone, start, expected) => {
    expect(shown(start, zone, 3).map((text) => text.slice(8))).toEqual(expected)
  })

  test('the key stays the planned time, the due time is the real one, and a note says why', () => {
    const [, gap] = daily('2026-03-28T02:30', 'Europe/Berlin', 2)
    expect(gap).toMatchObject({ key: '2026-03-29T02:30:00', note: 'clocks go forward' })
    expect(formatDue(gap!.due)).toBe('2026-03-29T03:30:00[Europe/Berlin]')
    expect(daily('2026-10-24T02:30', 'Europe/Berlin', 2)[1]).toMatchObject({
      key: '2026-10-25T02:30:00',
      note: 'clocks go back',
    })
  })

  test('the gap does not swallow one of two times, nor make them one twice', () => {
    const times = (hours: string, minute: string) => {
      const text = `DTSTART;TZID=Europe/Berlin:20260329T000000\nRRULE:FREQ=DAILY;BYHOUR=${hours};BYMINUTE=${minute}`
      return occurrences(parseSeries(text), {
        userZone: 'UTC',
        before: Temporal.PlainDate.from('2026-03-30'),
      })
        .map((occurrence) => `${occurrence.key.slice(11, 16)} ${occurrence.at.toString().slice(11, 16)}`)
        .toArray()
    }
    expect(times('2,3', '0')).toEqual(['03:00 01:00'])
    expect(times('2,3', '0,30')).toEqual(['03:00 01:00', '03:30 01:30'])
    expect(times('1,2,4', '30')).toEqual(['01:30 00:30', '02:30 01:30', '04:30 02:30'])
  })
})

describe('complaints about hours', () => {
  test('no time drifts by an hour over a year of clock changes', () => {
    const hours = new Set(
      daily('2026-01-01T09:00', 'America/New_York', 365).map(
        ({ at }) => at.toZonedDateTimeISO('America/New_York').hour,
      ),
    )
    expect([...hours]).toEqual([9])
  })

  test('midnight does not become 23:00 of the day before', () => {
    expect(
      new Set(shown('2026-01-01T00:00', 'Europe/Berlin', 365).map((text) => text.slice(11, 16))),
    ).toEqual(new Set(['00:00']))
  })

  test('the day of a clock change is not an endless loop of reminders', () => {
    const series = parseSimple({ recurrence_type: 'daily', start_date: '2026-03-28T02:30[Europe/Berlin]' })
    const onTheDay = nextOccurrence(series, '2026-03-28T02:30:00', 'UTC')!
    expect(nextOccurrence(series, onTheDay.key, 'UTC')?.key).toBe('2026-03-30T02:30:00')
    expect(
      occurrences(series, { userZone: 'UTC', from: onTheDay.at.add({ seconds: 1 }) }).next().value?.key,
    ).toBe('2026-03-30T02:30:00')
  })

  test('hourly is elapsed time: the repeated hour is there, the skipped one is not', () => {
    const hours = (start: string, count: number) =>
      occurrences(parseSeries(`DTSTART;TZID=Europe/Berlin:${start}\nRRULE:FREQ=HOURLY;COUNT=${count}`), {
        userZone: 'UTC',
      })
        .map(({ at }) => at.toZonedDateTimeISO('Europe/Berlin').hour)
        .toArray()
    expect(hours('20261025T010000', 4)).toEqual([1, 2, 2, 3])
    expect(hours('20260329T010000', 3)).toEqual([1, 3, 4])
  })

  test('a limit on minutes finds the hour that is repeated', () => {
    const text = 'DTSTART;TZID=Europe/Berlin:20261025T013000\nRRULE:FREQ=MINUTELY;INTERVAL=10;BYMINUTE=0'
    const hours = occurrences(parseSeries(text), { userZone: 'UTC' }).take(3)
    expect(hours.map(({ key }) => key.slice(11, 16)).toArray()).toEqual(['00:00', '01:00', '02:00'])
  })

  test('a date stays a date in every zone and is due when its local day ends', () => {
    const series = parseSimple({ recurrence_type: 'daily', start_date: '2026-04-22' })
    const due = (zone: string) =>
      occurrences(series, { userZone: zone })
        .take(3)
        .map(({ key, at }) => `${key} ${at.toString()}`)
        .toArray()
    expect(due('Africa/Cairo')).toEqual([
      '2026-04-22 2026-04-22T22:00:00Z',
      '2026-04-23 2026-04-23T22:00:00Z',
      '2026-04-24 2026-04-24T21:00:00Z',
    ])
    expect(due('Pacific/Kiritimati')[0]).toBe('2026-04-22 2026-04-22T10:00:00Z')
  })

  test('a floating time follows the user, a fixed one does not', () => {
    const at = (start_date: string, userZone: string) =>
      nextOccurrence(
        parseSimple({ recurrence_type: 'daily', start_date }),
        undefined,
        userZone,
      )?.at.toString()
    expect(at('2026-06-01T09:00', 'Asia/Tokyo')).toBe('2026-06-01T00:00:00Z')
    expect(at('2026-06-01T09:00', 'Europe/Berlin')).toBe('2026-06-01T07:00:00Z')
    expect(at('2026-06-01T09:00[Asia/Tokyo]', 'Europe/Berlin')).toBe('2026-06-01T00:00:00Z')
  })

  test('an instant recurs on the clock of UTC, or on that of the zone of its series', () => {
    const series = parseSimple({ recurrence_type: 'daily', start_date: '2026-03-28T08:00:00Z' })
    const at = (zone?: string) =>
      nextOccurrence(zone ? { ...series, zone } : series, '2026-03-29T23:00:00', 'UTC')?.at.toString()
    expect(at()).toBe('2026-03-30T08:00:00Z')
    expect(at('Europe/Berlin')).toBe('2026-03-30T07:00:00Z')
  })

  test('an instant in the hour that comes twice stays itself, and the series goes on from it', () => {
    const series = {
      ...parseSimple({ recurrence_type: 'daily', start_date: '2026-10-25T01:30:00Z' }),
      zone: 'Europe/Berlin',
    }
    const first = nextOccurrence(series, undefined, 'UTC')!
    expect(`${first.key} ${first.at.toString()}`).toBe('2026-10-25T02:30:00 2026-10-25T01:30:00Z')
    expect(nextOccurrence(series, first.key, 'UTC')?.key).toBe('2026-10-26T02:30:00')
  })

  test('an evening in New York is not yet tomorrow, though it is in UTC', () => {
    const series = parseSimple({ recurrence_type: 'daily', start_date: '2026-09-01' })
    const evening = Temporal.PlainDateTime.from('2026-09-07T22:30')
      .toZonedDateTime('America/New_York')
      .toInstant()
    expect(latestOccurrence(series, evening, 'America/New_York')?.key).toBe('2026-09-06')
    expect(occurrences(series, { userZone: 'America/New_York', from: evening }).next().value?.key).toBe(
      '2026-09-07',
    )
  })
})
