/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST that is sent again gets the first reply.
 *
 * The key, everything the request writes, and the reply commit in one transaction. A crash leaves either all of it or
 * nothing; a second request that arrives while the first runs waits for it at the key's row.
 */
import { createHash } from 'node:crypto'
import type { Context, Next } from 'hono'
import { Problem } from '../contract/problem.ts'
import { sql, transaction } from '../data/sql.ts'
import type { Env } from './env.ts'
import { readText } from './validate.ts'

type Kept = { request_hash: string; status: number; headers: Record<string, string>; body: string }

/** Replies that tell nothing about the request itself are not kept: the caller may try again with the same key. */
const isKept = (status: number) => status < 500 && status !== 401 && status !== 429

export async function idempotent(c: Context<Env>, next: Next): Promise<Response | void> {
  const key = c.req.method === 'POST' ? c.req.header('idempotency-key') : undefined
  if (key === undefined) return next()
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Problem('invalid', 'The header `Idempotency-Key` takes 1 to 200 visible ASCII characters.', {
      errors: [
        { field: 'idempotency-key', message: 'Use 1 to 200 visible ASCII characters, a UUID for instance.' },
      ],
    })
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([c.req.path, await readText(c.req.raw.clone())]))
    .digest('hex')
  const kept = await firstReply(c, next, key, hash).catch((error: unknown) => {
    if (error instanceof NotKept) return undefined
    throw error
  })
  if (!kept) return
  if (kept.request_hash !== hash) {
    throw new Problem(
      'idempotency_mismatch',
      'This Idempotency-Key was used for another request. Take a new one.',
    )
  }
  return c.body(kept.body, kept.status as 200, { ...kept.headers, 'idempotency-replayed': 'true' })
}

/** Undoes the transaction of a request whose reply is not kept. */
class NotKept extends Error {}

/** Answers what an earlier request with this key left, or handles the request and leaves its reply. */
async function firstReply(c: Context<Env>, next: Next, key: string, hash: string): Promise<Kept | undefined> {
  return transaction(async () => {
    const userId = c.get('userId')
    const [fresh] = await sql`
      insert into idempotency_keys (user_id, key, request_hash)
      values (${userId}, ${key}, ${hash})
      on conflict do nothing
      returning 1`
    if (!fresh) {
      const [kept] = await sql<Kept[]>`
        select request_hash, status, headers, body
        from idempotency_keys
        where user_id = ${userId} and key = ${key}`
      return kept
    }
    await next()
    if (!isKept(c.res.status)) throw new NotKept()
    const { status, headers } = c.res
    await sql`
      update idempotency_keys
      set status = ${status}, headers = ${sql.json(repeatable(headers))}, body = ${await c.res.clone().text()}
      where user_id = ${userId} and key = ${key}`
    return undefined
  })
}

const repeatable = (headers: Headers) =>
  Object.fromEntries(
    ['content-type', 'location', 'etag'].flatMap((name) =>
      headers.has(name) ? [[name, headers.get(name)!]] : [],
    ),
  )
