/** Somebody who may look after the system. */
import type { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { sql } from '../data/sql.ts'
import type { Env } from '../http/env.ts'
import { problemOf } from './reply.ts'
import { signIn, type TestUser } from './user.ts'

export async function signInOperator(): Promise<TestUser> {
  const user = await signIn()
  await sql`insert into operators (user_id) values (${user.id})`
  return user
}

type Call = { method: string; path: string; body?: unknown }

/** Declares the test that only operators may call a function, and only as long as they are. */
export function operatorsOnly(app: Hono<Env>, { method, path, body }: Call): void {
  const status = async ({ headers }: TestUser) =>
    app.request(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })

  describe('403', () => {
    test('a user who is no operator', async () => {
      const reply = await status(await signIn())
      expect(reply.status).toBe(403)
      expect(await problemOf(reply)).toMatchObject({ code: 'forbidden' })
    })

    test('an operator no longer', async () => {
      const operator = await signInOperator()
      expect((await status(operator)).status).not.toBe(403)
      await sql`delete from operators where user_id = ${operator.id}`
      expect((await status(operator)).status).toBe(403)
    })
  })
}
