import { expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { inContext } from '../../../shared/testing/context.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { seriesNow, startSeries } from '../../../shared/testing/series.ts'
import { addTask, remindersOf } from '../../../shared/testing/task.ts'
import { signIn } from '../../../shared/testing/user.ts'
import { followZoneData } from './zones.ts'

useDatabase()

const follow = (version: string) => inContext(() => followZoneData(version))
const dueOf = async (id: string) => (await sql`select due_at, version from tasks where id = ${id}`)[0]

test('local due dates follow new time zone data, with their reminders and series, and the history says so', async () => {
  await follow('2026a')
  const user = await signIn({ time_zone: 'Africa/Cairo' })
  const ids = {
    floating: await addTask(user, { due_date: '2030-06-01T09:00:00' }),
    zoned: await addTask(user, { due_date: '2030-06-01T09:00:00[Africa/Cairo]' }),
    instant: await addTask(user, { due_date: '2030-06-01T09:00:00Z' }),
  }
  const series = await startSeries(user, { start_date: '2030-06-01T09:00:00' })
  // As if they had been computed when Cairo had no summer time.
  await sql`update tasks set due_at = due_at + interval '1 hour' where id <> ${ids.instant}`
  await sql`update reminders set remind_at = remind_at + interval '1 hour' where task_id <> ${ids.instant}`
  expect(await follow('2026b')).toBe(3)
  for (const id of [ids.floating, ids.zoned]) {
    expect(await dueOf(id)).toEqual({ due_at: '2030-06-01T06:00:00Z', version: 1 })
    expect(await remindersOf(id)).toMatchObject([{ remind_at: '2030-06-01T06:00:00Z' }])
  }
  expect(await dueOf(ids.instant)).toEqual({ due_at: '2030-06-01T09:00:00Z', version: 1 })
  const [moved] = await sql`
    select event_data -> 'changes' as changes
    from task_event_log
    where task_id = ${ids.floating} and event_type = 'task.moved'`
  expect(moved!['changes']).toEqual({ due_at: ['2030-06-01T07:00:00Z', '2030-06-01T06:00:00Z'] })
  expect(Date.parse((await seriesNow(series.id)).next_created_at!)).toBeLessThanOrEqual(Date.now())
})

test('the same version again moves nothing', async () => {
  await follow('2026c')
  const id = await addTask(await signIn(), { due_date: '2030-06-01T09:00:00' })
  await sql`update tasks set due_at = due_at + interval '1 hour' where id = ${id}`
  expect(await follow('2026c')).toBe(0)
  expect(await dueOf(id)).toMatchObject({ due_at: '2030-06-01T10:00:00Z' })
})

test('more users than a batch, each once, and two rounds at once do the work of one', async () => {
  await follow('2026d')
  await sql`
    insert into users (name, email)
    select 'Test', 'many-' || n || '@example.org'
    from generate_series(1, 250) as n`
  await sql`
    insert into tasks (user_id, title, due_date, due_at)
    select id, 'x', '2030-06-01T09:00:00', '2030-06-01T10:00:00Z'
    from users
    where email like 'many-%'`
  const moved = await Promise.all([follow('2026e'), follow('2026e')])
  expect(moved[0] + moved[1]).toBe(250)
})
