/** Users whose accounts an external issuer keeps. */
import { createHash } from 'node:crypto'
import type { JWTPayload } from 'jose'
import * as v from 'valibot'
import { text } from '../contract/fields.ts'
import { sql } from '../data/sql.ts'

const Name = text(200)
const Email = v.pipe(text(254), v.trim(), v.toLowerCase(), v.rfcEmail())

/**
 * The id of a user of an external issuer, derived from issuer and subject; a row is made at the first request. The mail
 * address is taken from the token when the issuer has verified it and no other account has it.
 */
export async function externalUser({ iss, sub, email, email_verified, name }: JWTPayload): Promise<string> {
  const id = idOf(iss!, sub!)
  const [known] = await sql`select 1 from users where id = ${id}`
  if (known) return id
  const address = v.safeParse(Email, email)
  const isVerified = address.success && email_verified === true
  // Whichever of the two comes first stays: the second address is free for certain.
  if (isVerified) await insertUser(id, name, address.output, true)
  await insertUser(id, name, `${id}@invalid`, false)
  return id
}

const insertUser = (id: string, name: unknown, email: string, isVerified: boolean) => sql`
  insert into users (id, name, email, email_verified)
  values (${id}, ${v.is(Name, name) ? name : ''}, ${email}, ${isVerified})
  on conflict do nothing`

/** RFC 9562 version 8: our own bits, with version and variant in their places. */
function idOf(issuer: string, subject: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex')
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `a${hash.slice(17, 20)}`]
  return [...parts, hash.slice(20, 32)].join('-')
}
