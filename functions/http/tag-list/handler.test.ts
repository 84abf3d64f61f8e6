import { expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf } from '../../../shared/testing/reply.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/tags' })

async function tags(user: TestUser) {
  const reply = await app.request('/api/tags', { headers: user.headers })
  expect(reply.status).toBe(200)
  return (await bodyOf(reply, Reply)).items
}

test('tags of open tasks, the most used first, then by name', async () => {
  const user = await signIn()
  await addTask(user, { tags: ['home', 'work'] })
  await addTask(user, { tags: ['work'] })
  await addTask(user, { tags: ['garden'] })
  await addTask(await signIn(), { tags: ['theirs'] })
  expect(await tags(user)).toEqual([
    { name: 'work', open: 2 },
    { name: 'garden', open: 1 },
    { name: 'home', open: 1 },
  ])
})

test('a tag that only finished or deleted tasks have is gone', async () => {
  const user = await signIn()
  const done = await addTask(user, { tags: ['done'] })
  const deleted = await addTask(user, { tags: ['deleted'] })
  await sql`update tasks set status = 'done', completed_at = clock_now() where id = ${done}`
  await sql`update tasks set deleted_at = clock_now() where id = ${deleted}`
  expect(await tags(user)).toEqual([])
})
