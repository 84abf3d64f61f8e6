import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { RecurringTaskDueData } from '../../../shared/contract/events.ts'
import { recomputeSeries } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { drain } from '../../../shared/runtime/drain.ts'
import { appToken, travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { announced, scan, seriesNow, startSeries } from '../../../shared/testing/series.ts'
import { until } from '../../../shared/testing/until.ts'
import { signIn } from '../../../shared/testing/user.ts'
import app from './handler.ts'

useDatabase()
afterEach(async () => {
  await sql`update recurring_tasks set deleted_at = clock_now()`
  await travel('0')
})

const tick = (token = appToken) =>
  app.request('/schedules/recurrence-scan', { method: 'POST', headers: { 'dapr-api-token': token } })
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
/** The announced occurrences of a series; each must be what the contract says. */
const occurrencesOf = async (id: string) =>
  (await announced(id)).map(({ data }) => v.parse(RecurringTaskDueData, data))

describe('a tick', () => {
  test('is refused without the token of the sidecar', async () => {
    expect((await tick('wrong')).status).toBe(403)
  })

  test('announces at the instant, also what is started while it sleeps', async () => {
    expect((await tick()).status).toBe(200)
    const { id } = await startSeries(await signIn(), {
      recurrence_type: 'daily',
      start_date: inMs(500 - 86_400_000),
    })
    expect(await occurrencesOf(id)).toHaveLength(0)
    await until(async () => (await occurrencesOf(id)).length > 0, 2_500)
    const [occurrence] = await occurrencesOf(id)
    expect(Date.parse(occurrence!.timestamp)).toBeGreaterThanOrEqual(Date.parse(occurrence!.due_at))
    await drain()
  })
})

describe('a round', () => {
  test('announces what is due, once, and goes on to the next', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    await travelTo('2030-01-01T00:00:00Z')
    const { id } = await startSeries(user, { start_date: '2030-01-01T09:00:00' })
    await travelTo('2030-01-08T08:00:01Z')
    await scan()
    await scan()
    expect(await occurrencesOf(id)).toMatchObject([
      {
        recurring_task_id: id,
        user_id: user.id,
        occurrence: '2030-01-08T09:00:00',
        due_date: '2030-01-08T09:00:00',
        due_at: '2030-01-08T08:00:00Z',
      },
    ])
    expect(await seriesNow(id)).toMatchObject({
      settled_through: '2030-01-08T09:00:00',
      next_due_at: '2030-01-15T08:00:00Z',
      is_active: true,
      version: 1,
    })
  })

  test('leaves what is not due yet, and says when it will be', async () => {
    const { id } = await startSeries(await signIn(), {
      recurrence_type: 'daily',
      start_date: inMs(60_000 - 86_400_000),
    })
    const sleepMs = await scan()
    expect(await occurrencesOf(id)).toHaveLength(0)
    expect(sleepMs).toBeGreaterThan(50_000)
    expect(sleepMs).toBeLessThanOrEqual(60_000)
  })

  test('makes one occurrence, the latest, of months in which nothing ran', async () => {
    await travelTo('2030-01-01T00:00:00Z')
    const { id } = await startSeries(await signIn(), {
      recurrence_type: 'daily',
      start_date: '2030-01-01T09:00:00Z',
    })
    await travelTo('2030-06-15T12:00:00Z')
    await scan()
    expect(await occurrencesOf(id)).toMatchObject([{ occurrence: '2030-06-15T09:00:00' }])
    expect(await seriesNow(id)).toMatchObject({ next_due_at: '2030-06-16T09:00:00Z' })
  })

  test('announces a date as its day begins where the user is', async () => {
    await travelTo('2030-01-01T00:00:00Z')
    const user = await signIn({ time_zone: 'America/New_York' })
    const { id } = await startSeries(user, { recurrence_type: 'daily', start_date: '2030-01-01' })
    await travelTo('2030-01-02T04:59:50Z')
    await scan()
    expect(await occurrencesOf(id)).toHaveLength(0)
    await travelTo('2030-01-02T05:00:01Z')
    await scan()
    expect(await occurrencesOf(id)).toMatchObject([
      { occurrence: '2030-01-02', due_at: '2030-01-03T05:00:00Z' },
    ])
  })

  test('ends the series with its last occurrence', async () => {
    const { id } = await startSeries(await signIn(), {
      start_date: '2025-01-01T09:00:00Z',
      end_date: '2025-12-31T09:00:00Z',
    })
    await scan()
    await scan()
    expect(await occurrencesOf(id)).toMatchObject([{ due_date: '2025-12-31T09:00:00Z' }])
    expect(await seriesNow(id)).toMatchObject({ is_active: false, next_due_at: null, next_occurrence: null })
  })

  test.each(['is_active = false', 'deleted_at = clock_now()'])(
    'leaves a series with %s alone',
    async (state) => {
      const { id } = await startSeries(await signIn(), { start_date: '2026-01-01T09:00:00Z' })
      await sql`update recurring_tasks set ${sql.unsafe(state)} where id = ${id}`
      await scan()
      expect(await occurrencesOf(id)).toHaveLength(0)
      expect(await seriesNow(id)).toMatchObject({ settled_through: '2026-01-01T09:00:00' })
    },
  )

  test('several at once announce each occurrence once', async () => {
    const user = await signIn()
    const started = await Promise.all(
      Array.from({ length: 150 }, () => startSeries(user, { start_date: '2026-01-01T09:00:00Z' })),
    )
    await Promise.all([scan(), scan(), scan()])
    while ((await scan()) === 0);
    for (const { id } of started) expect(await occurrencesOf(id)).toHaveLength(1)
  })

  test('a full batch asks for the next one at once', async () => {
    const user = await signIn()
    await Promise.all(
      Array.from({ length: 101 }, () => startSeries(user, { start_date: '2026-01-01T09:00:00Z' })),
    )
    expect(await scan()).toBe(0)
    expect(await scan()).toBeGreaterThan(0)
  })

  test('a user who moved west is not told twice about one day', async () => {
    await travelTo('2030-01-01T00:00:00Z')
    const user = await signIn({ time_zone: 'Asia/Tokyo' })
    const { id } = await startSeries(user, { recurrence_type: 'daily', start_date: '2030-01-01T09:00:00' })
    await sql`update preferences set time_zone = 'America/New_York' where user_id = ${user.id}`
    await travelTo('2030-01-02T00:00:01Z')
    await scan()
    expect(await occurrencesOf(id)).toHaveLength(0)
    expect(await seriesNow(id)).toMatchObject({ next_due_at: '2030-01-02T14:00:00Z' })
    await travelTo('2030-01-02T14:00:01Z')
    await scan()
    expect(await occurrencesOf(id)).toMatchObject([{ occurrence: '2030-01-02T09:00:00' }])
  })

  test('a user who moved east is told in time', async () => {
    await travelTo('2030-01-01T00:00:00Z')
    const user = await signIn({ time_zone: 'America/New_York' })
    const { id } = await startSeries(user, { recurrence_type: 'daily', start_date: '2030-01-01T09:00:00' })
    await sql`update preferences set time_zone = 'Asia/Tokyo' where user_id = ${user.id}`
    await recomputeSeries(user.id)
    await scan()
    expect(await occurrencesOf(id)).toHaveLength(0)
    expect(await seriesNow(id)).toMatchObject({ next_due_at: '2030-01-02T00:00:00Z' })
  })

  test('a series that cannot be computed waits an hour, and the others go on', async () => {
    const user = await signIn()
    const [broken, sound] = await Promise.all(
      [1, 2].map(() => startSeries(user, { start_date: '2026-01-01T09:00:00Z' })),
    )
    await sql`update recurring_tasks set start_date = 'nonsense' where id = ${broken!.id}`
    await scan()
    expect(await occurrencesOf(sound!.id)).toHaveLength(1)
    expect(await occurrencesOf(broken!.id)).toHaveLength(0)
    expect(await seriesNow(broken!.id)).toMatchObject({
      is_active: true,
      next_occurrence: '2026-01-08T09:00:00',
    })
    await sql`update recurring_tasks set start_date = '2026-01-01T09:00:00Z' where id = ${broken!.id}`
    await travel('61 minutes')
    await scan()
    expect(await occurrencesOf(broken!.id)).toHaveLength(1)
  })
})
