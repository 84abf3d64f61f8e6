/**
 * The ledger of what is sent: each attempt is in it before the mail is handed over, and its outcome afterwards, so that at
 * any time it says what is known. A delivery is tried by one at a time.
 */
import { sql } from './sql.ts'

/** An attempt that has begun, and what the letter is about as it is now. `late_seconds` counts from the planned instant. */
export type Attempt = {
  delivery_id: string
  attempt: number
  task_id: string
  title: string
  due_date: string | null
  due_at: string | null
  late_seconds: number
  email: string
  time_zone: string
  locale: string
}

/** What the delivery's owner reads. */
const mayHaveBeenSent = 'It was handed over and no answer came: it may have been sent.'
const taskClosed = 'The task was closed or deleted before.'
const givenUp = 'It could not be sent.'

/**
 * An attempt without an outcome after this long was left by a process that died: the sidecar gets 20 s for a mail, and telling
 * the outcome takes 15 s at most.
 */
const abandonedAfterSeconds = 40

/** Begins an attempt. Undefined when there is nothing to send now: `settle` knows why. */
export async function beginAttempt(deliveryId: string): Promise<Attempt | undefined> {
  const [attempt] = await sql<Attempt[]>`
    with delivery as (
      update deliveries
      set attempts = attempts + 1, sending_since = clock_now(), updated_at = clock_now()
      from tasks
      where deliveries.id = ${deliveryId} and deliveries.state = 'planned' and sending_since is null
        and tasks.id = deliveries.task_id and tasks.status = 'open' and tasks.deleted_at is null
      returning
        deliveries.id as delivery_id, deliveries.attempts as attempt, deliveries.task_id, deliveries.user_id, reminder_id,
        tasks.title, tasks.due_date, tasks.due_at
    ),
    attempt as (
      insert into delivery_attempts (delivery_id, attempt)
      select delivery_id, attempt
      from delivery
    )
    select
      delivery.*, users.email, coalesce(preferences.time_zone, 'UTC') as time_zone,
      coalesce(preferences.locale, 'en') as locale,
      extract(epoch from clock_now() - reminders.remind_at)::integer as late_seconds
    from delivery
    join reminders on reminders.id = delivery.reminder_id
    join users on users.id = delivery.user_id
    left join preferences on preferences.user_id = delivery.user_id`
  return attempt
}

/**
 * `failed` leaves the delivery planned, to be tried again, unless it is `final`; `unknown` is never tried again. `reason` is
 * for the owner, `detail` for whoever runs the system.
 */
export type Outcome = {
  outcome: 'sent' | 'failed' | 'unknown'
  reason?: string
  detail?: string
  final?: boolean
}

/** Writes down what an attempt came to. One that was given up for dead and has an outcome after all is put right. */
export async function endAttempt(
  { delivery_id, attempt }: Pick<Attempt, 'delivery_id' | 'attempt'>,
  { outcome, reason, detail, final = true }: Outcome,
): Promise<void> {
  const state = final ? outcome : 'planned'
  const publicReason = outcome === 'unknown' ? mayHaveBeenSent : (reason ?? null)
  await sql`
    with attempt as (
      update delivery_attempts
      set finished_at = clock_now(), outcome = ${outcome}, reason = ${detail ?? publicReason}
      where delivery_id = ${delivery_id} and attempt = ${attempt}
    )
    update deliveries
    set
      -- Nobody asks for one that was given up for dead: it is not tried again.
      state = case when state = 'unknown' and ${state} = 'planned' then 'failed' else ${state} end,
      reason = ${publicReason}, sending_since = null, updated_at = clock_now(),
      sent_at = case when ${state} = 'sent' then clock_now() end
    where id = ${delivery_id} and attempts = ${attempt} and state in ('planned', 'unknown')`
}

/**
 * Settles a delivery that cannot be tried: cancelled when its task is closed, unknown when an attempt was abandoned. False
 * while somebody may still be sending it, so that it has to be looked at again.
 */
export async function settle(deliveryId: string): Promise<boolean> {
  const [row] = await sql<[{ settled: boolean }]>`
    with settled as (
      update deliveries
      set state = case when sending_since is null then 'cancelled' else 'unknown' end,
        reason = case when sending_since is null then ${taskClosed} else ${mayHaveBeenSent} end,
        sending_since = null, updated_at = clock_now()
      from tasks
      where deliveries.id = ${deliveryId} and deliveries.state = 'planned' and tasks.id = deliveries.task_id
        and case
          when sending_since is null then tasks.status <> 'open' or tasks.deleted_at is not null
          else sending_since < clock_now() - make_interval(secs => ${abandonedAfterSeconds})
        end
      returning deliveries.id, deliveries.attempts
    ),
    abandoned as (
      update delivery_attempts
      set finished_at = clock_now(), outcome = 'unknown', reason = ${mayHaveBeenSent}
      from settled
      where delivery_id = settled.id and attempt = settled.attempts and outcome is null
    )
    select
      exists (select from settled)
      or not exists (select from deliveries where id = ${deliveryId} and state = 'planned') as settled`
  return row.settled
}

/** Ends a delivery whose event will not come again. The reason of its last attempt stays. */
export async function giveUp(deliveryId: string): Promise<void> {
  await sql`
    update deliveries
    set state = case when sending_since is null then 'failed' else 'unknown' end,
      reason = case when sending_since is null then coalesce(reason, ${givenUp}) else ${mayHaveBeenSent} end,
      sending_since = null, updated_at = clock_now()
    where id = ${deliveryId} and state = 'planned'`
}
