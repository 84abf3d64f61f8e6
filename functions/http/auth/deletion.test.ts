import { expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase, waitingForLock } from '../../../shared/testing/database.ts'
import { until } from '../../../shared/testing/until.ts'
import app from './handler.ts'

useDatabase()

const credentials = { email: 'ada@example.org', password: 'a long password' }

const post = async (path: string, body: object, bearer?: string) =>
  app.request(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    body: JSON.stringify(body),
  })

test('an account whose end fails stays as it was, and can be ended again', async () => {
  const signedUp = await post('/sign-up/email', { name: 'Ada', ...credentials })
  const { token, user } = (await signedUp.json()) as { token: string; user: { id: string } }
  const end = () => post('/delete-user', { password: credentials.password }, token)
  // By then its sessions and its password are deleted.
  const failed = await sql.begin(async (tx) => {
    await tx`select from users where id = ${user.id} for update`
    const ended = end()
    await until(async () => (await waitingForLock()) === 1)
    await tx`
      select pg_cancel_backend(pid)
      from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    return ended
  })
  expect(failed.status).toBe(503)
  expect((await post('/sign-in/email', credentials)).status).toBe(200)
  expect((await end()).status).toBe(200)
  expect((await post('/sign-in/email', credentials)).status).toBe(401)
})
