/** An instant that must have been. */
import { sql } from '../data/sql.ts'
import { refuse } from './validate.ts'

/** Clocks differ: what is at most five minutes ahead of ours is taken. */
export async function refuseFuture(field: string, instant: string): Promise<void> {
  const [row] = await sql<[{ ahead: boolean }]>`
    select ${instant}::timestamptz > clock_now() + interval '5 minutes' as ahead`
  if (row.ahead) refuse([{ field, message: 'This is in the future. Use an instant that has been.' }])
}
