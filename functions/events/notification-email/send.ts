/** One attempt to send a mail, and what becomes of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../../shared/contract/problem.ts'
import { beginAttempt, endAttempt, type Attempt, type Outcome } from '../../../shared/data/deliveries.ts'
import { sidecar, SendUnknown, type Mail } from '../../../shared/dapr/sidecar.ts'
import { config } from '../../../shared/runtime/config.ts'
import { writeLetter } from './letter.ts'

/**
 * One plain address. What separates addresses is refused: the mail binding would send to each of them. Users of an external
 * issuer that tells no address have one below `invalid` (RFC 6761, section 6.4).
 */
const addressPattern = /^[^\s\p{Cc};,:<>()[\]"\\@]+@(?!invalid$)(?!.*\.invalid$)[^\s\p{Cc};,:<>()[\]"\\@]+$/u

/** For how long an outcome that the database does not take is kept, and told again. */
const tellingMs = 5_000
const pauseMs = 200

/**
 * Sends the letter of a delivery, when there is something to send now: false when there is not. Throws when it failed and may
 * be tried again. The attempt is in the ledger before the letter is handed over, but not while it waits for its turn, so that
 * of a process that dies one delivery is in doubt and not all that waited; no transaction is open meanwhile.
 */
export async function send(deliveryId: string, caller: AbortSignal): Promise<boolean> {
  let attempt: Attempt | undefined
  let mail: Mail | undefined
  const binding = await sidecar()
  const error = await binding
    .sendMail(async () => {
      // Whoever gave up waiting asks again: a mail server that says nothing would have a longer queue with each time.
      if (caller.aborted) throw new Problem('unavailable', 'Nobody waits for it any more.')
      attempt = await beginAttempt(deliveryId)
      mail = attempt && letterOf(attempt)
      return mail
    })
    .then(
      () => undefined,
      (failure: Error) => failure,
    )
  if (attempt) await tell(attempt, outcomeOf(mail, error))
  if (error && !(error instanceof SendUnknown)) throw error
  return attempt !== undefined
}

/** Undefined when there is no address that it could go to. */
function letterOf(attempt: Attempt): Mail | undefined {
  const { delivery_id: id, email: to } = attempt
  if (!addressPattern.test(to) || to.length > 320) return undefined
  const { MAIL_FROM, APP_URL } = config('mail')
  return { id, from: MAIL_FROM, to, ...writeLetter(attempt, APP_URL) }
}

/** Tells the ledger. Only this process knows the outcome: a database that is away for a moment leaves no doubt behind. */
async function tell(attempt: Attempt, outcome: Outcome): Promise<void> {
  for (const givenUpAt = Date.now() + tellingMs; ; await sleep(pauseMs)) {
    try {
      return await endAttempt(attempt, outcome)
    } catch (failure) {
      if (Date.now() > givenUpAt) throw failure
    }
  }
}

function outcomeOf(mail: Mail | undefined, error: Error | undefined): Outcome {
  const detail = error?.message.slice(0, 1_000) ?? ''
  if (error instanceof SendUnknown) return { outcome: 'unknown', detail }
  if (error) return { outcome: 'failed', reason: publicReason(detail), detail, final: false }
  if (mail) return { outcome: 'sent' }
  return { outcome: 'failed', reason: 'The account has no address that mail can be sent to.' }
}

/** The server's code and nothing else: its text may name hosts and people. */
function publicReason(detail: string): string {
  const code = /(?<=\s)[45]\d\d(?=[ -])/.exec(detail.replace(/^mail binding: \d+/, ''))?.[0]
  return code ? `The mail server answered ${code}.` : 'The mail server did not take it.'
}
