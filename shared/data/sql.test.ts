import { describe, expect, test } from 'vitest'
import { inContext } from '../testing/context.ts'
import { travel, useDatabase } from '../testing/database.ts'
import { sql, transaction } from './sql.ts'

useDatabase()

const addUser = (email: string) => sql`insert into users (name, email) values ('x', ${email})`
const users = async (email: string) => (await sql`select 1 from users where email = ${email}`).length

describe('transaction', () => {
  test('everything inside it joins it, and is gone when it fails', async () => {
    const failing = inContext(() =>
      transaction(async () => {
        await addUser('a@example.org')
        throw new Error('stop')
      }),
    )
    await expect(failing).rejects.toThrow('stop')
    expect(await users('a@example.org')).toBe(0)
  })

  test('a transaction within one fails alone', async () => {
    await inContext(() =>
      transaction(async () => {
        await addUser('outer@example.org')
        await transaction(async () => {
          await addUser('inner@example.org')
          throw new Error('stop')
        }).catch(() => {})
      }),
    )
    expect([await users('outer@example.org'), await users('inner@example.org')]).toEqual([1, 0])
  })
})

describe('values', () => {
  test('an instant keeps its microseconds and is text on both sides', async () => {
    const [row] =
      await sql`select ${'2025-01-08T09:00:00.123456Z'}::timestamptz as at, '2025-01-08 10:00+01'::timestamptz as whole`
    expect(row).toEqual({ at: '2025-01-08T09:00:00.123456Z', whole: '2025-01-08T09:00:00Z' })
  })

  test('an identifier is of version 7 and grows', async () => {
    const rows = await sql<{ id: string }[]>`select uuid_v7()::text as id from generate_series(1, 3)`
    for (const { id } of rows) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/)
    expect(
      Math.abs(Number.parseInt(rows[0]!.id.replaceAll('-', '').slice(0, 12), 16) - Date.now()),
    ).toBeLessThan(60_000)
  })
})

describe('clock_now', () => {
  test('is the present, and moves with the database', async () => {
    const [present] = await sql`select clock_now() = now() as same`
    expect(present).toEqual({ same: true })
    await travel('3 days')
    const [later] = await sql`select clock_now() - now() = interval '3 days' as moved`
    expect(later).toEqual({ moved: true })
  })
})
