import { expect, test } from 'vitest'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf } from '../../../shared/testing/reply.ts'
import { addSession } from '../../../shared/testing/session.ts'
import { signIn } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/sessions' })

test('the sessions that have not ended, the latest first, of the caller alone, without their tokens', async () => {
  const user = await signIn()
  const first = await addSession(user, { user_agent: 'Phone' })
  const second = await addSession(user, { user_agent: 'Laptop' })
  await addSession(user, { ends: '-1 minute' })
  await addSession(await signIn())
  const reply = await app.request('/api/sessions', { headers: user.headers })
  expect(reply.status).toBe(200)
  const { items } = await bodyOf(reply, Reply)
  expect(items.map(({ id, user_agent }) => [id, user_agent])).toEqual([
    [second, 'Laptop'],
    [first, 'Phone'],
  ])
})
