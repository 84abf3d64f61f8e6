/** Plain SQL migrations: numbered, immutable, forward only. */
import { readdir, readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import postgres from 'postgres'
import { log } from '../runtime/log.ts'

const folder = new URL('./migrations/', import.meta.url)

/** Any fixed number: whoever migrates this database holds it. */
const advisoryLock = 7_305_210_114

/**
 * Applies what is missing, each file in a transaction, under an advisory lock so that two starts do not collide.
 * Refuses a database whose applied files differ from ours. Answers the names of the files that were applied now.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {}, connection: { TimeZone: 'UTC' } })
  try {
    await sql`select pg_advisory_lock(${advisoryLock})`
    await sql`
      create table if not exists schema_migrations (
        name text primary key,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`
    const applied = new Map(
      (await sql<{ name: string; checksum: string }[]>`select name, checksum from schema_migrations`).map(
        ({ name, checksum }) => [name, checksum],
      ),
    )
    const done: string[] = []
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).toSorted()) {
      const text = await readFile(new URL(name, folder), 'utf8')
      const checksum = createHash('sha256').update(text).digest('hex')
      if (applied.has(name)) {
        if (applied.get(name) !== checksum)
          throw new Error(`Migration ${name} was changed after it was applied.`)
        continue
      }
      await sql.begin(async (tx) => {
        await tx.unsafe(text)
        await tx`insert into schema_migrations (name, checksum) values (${name}, ${checksum})`
      })
      log.info('migrated', { migration: name })
      done.push(name)
    }
    return done
  } finally {
    await sql.end()
  }
}
