/** Why deliveries failed. Dapr keeps no reason with a dead letter, so the consumer itself leaves one. */
import { errorFields, log } from '../runtime/log.ts'
import { sql } from './sql.ts'

/** Counts a failed delivery. Best effort: what failed may be the database itself. */
export async function recordFailure(consumer: string, eventId: string, error: Error): Promise<void> {
  const reason = error.cause instanceof Error ? error.cause.message : error.message
  await sql`
    insert into event_failures (consumer, event_id, error)
    values (${consumer}, ${eventId}, ${reason.slice(0, 1000)})
    on conflict (consumer, event_id) do update
    set attempts = event_failures.attempts + 1, error = excluded.error, failed_at = clock_now()`.catch(
    (failure: unknown) =>
      log.warn('failure not recorded', { consumer, event_id: eventId, ...errorFields(failure) }),
  )
}
