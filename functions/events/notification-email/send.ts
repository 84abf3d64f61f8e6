/** One attempt to send a mail, and what becomes of it. */
import { endAttempt, type Attempt } from '../../../shared/data/deliveries.ts'
import { sidecar, SendUnknown } from '../../../shared/dapr/sidecar.ts'
import { config } from '../../../shared/runtime/config.ts'
import { writeLetter } from './letter.ts'

/**
 * One plain address. What separates addresses is refused: the mail binding would send to each of them. Users of an external
 * issuer that tells no address have one below `invalid` (RFC 6761, section 6.4).
 */
const addressPattern = /^[^\s\p{Cc};,:<>()[\]"\\@]+@(?!invalid$)(?!.*\.invalid$)[^\s\p{Cc};,:<>()[\]"\\@]+$/u

/**
 * Sends the letter of an attempt that has begun. Throws when it failed and may be tried again; no transaction is open
 * meanwhile.
 */
export async function send(attempt: Attempt): Promise<void> {
  if (!addressPattern.test(attempt.email) || attempt.email.length > 320) {
    return endAttempt(attempt, 'failed', { reason: 'The account has no address that mail can be sent to.' })
  }
  const error = await handOver(attempt).then(
    () => undefined,
    (failure: Error) => failure,
  )
  if (!error) return endAttempt(attempt, 'sent')
  const detail = error.message.slice(0, 1_000)
  if (error instanceof SendUnknown) return endAttempt(attempt, 'unknown', { detail })
  await endAttempt(attempt, 'failed', { reason: publicReason(detail), detail, final: false })
  throw error
}

async function handOver(attempt: Attempt): Promise<void> {
  const { MAIL_FROM, APP_URL } = config('mail')
  const { subject, html } = writeLetter(attempt, APP_URL)
  const binding = await sidecar()
  await binding.sendMail({ id: attempt.delivery_id, from: MAIL_FROM, to: attempt.email, subject, html })
}

/** The server's code and nothing else: its text may name hosts and people. */
function publicReason(detail: string): string {
  const code = /(?<=\s)[45]\d\d(?=[ -])/.exec(detail.replace(/^mail binding: \d+/, ''))?.[0]
  return code ? `The mail server answered ${code}.` : 'The mail server did not take it.'
}
