import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf } from '../../../shared/testing/reply.ts'
import { signIn } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/me' })

describe('200', () => {
  test('account, preferences and statistics of the caller, and of nobody else', async () => {
    await signIn({ time_zone: 'Asia/Tokyo' })
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    await sql`
      update preferences
      set locale = 'de', week_start = 7, reminder_time = '07:30', channels = '{in_app}', version = 4
      where user_id = ${user.id}`
    await sql`
      insert into task_statistics (user_id, created, updated, completed, completed_on_time, deleted)
      values (${user.id}, 5, 4, 3, 2, 1)`
    const reply = await app.request('/api/me', { headers: user.headers })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"4"')
    expect(await bodyOf(reply, Reply)).toEqual({
      id: user.id,
      email: `${user.id}@example.org`,
      name: 'Test',
      time_zone: 'Europe/Berlin',
      locale: 'de',
      week_start: 7,
      reminder_time: '07:30',
      day_start: '00:00',
      channels: ['in_app'],
      version: 4,
      statistics: { created: 5, updated: 4, completed: 3, completed_on_time: 2, deleted: 1 },
    })
  })

  test('somebody who has set nothing and done nothing has the defaults', async () => {
    const user = await signIn()
    await sql`delete from preferences where user_id = ${user.id}`
    const reply = await app.request('/api/me', { headers: user.headers })
    expect(reply.headers.get('etag')).toBe('"1"')
    expect(await bodyOf(reply, Reply)).toMatchObject({
      time_zone: 'UTC',
      locale: 'en',
      week_start: 1,
      reminder_time: '09:00',
      channels: ['in_app', 'email'],
      version: 1,
      statistics: { created: 0, updated: 0, completed: 0, completed_on_time: 0, deleted: 0 },
    })
  })

  test('a reopening that is counted before its completion does not show', async () => {
    const user = await signIn()
    await sql`insert into task_statistics (user_id, completed, completed_on_time) values (${user.id}, -1, -1)`
    const reply = await app.request('/api/me', { headers: user.headers })
    expect((await bodyOf(reply, Reply)).statistics).toMatchObject({ completed: 0, completed_on_time: 0 })
  })

  test('an external user without an address has none, not the one that stands for it', async () => {
    const user = await signIn()
    await sql`update users set email = ${`${user.id}@invalid`} where id = ${user.id}`
    const reply = await app.request('/api/me', { headers: user.headers })
    expect((await bodyOf(reply, Reply)).email).toBeNull()
  })
})
