/** What a function asks of its Dapr sidecar: publish events, send a mail. */
import type { Topic } from '../contract/events.ts'

/** `event` is the CloudEvent as the text that the broker stores. `key` decides the partition, and with it the order. */
export type Outgoing = { topic: Topic; key: string; id: string; event: string }

/** One mail to one address. `id` stays the same when it is sent again. */
export type Mail = { to: string; from: string; subject: string; html: string; id: string }

export type Sidecar = {
  /**
   * Publishes events, in no order: of those of one key at most one may be given. Resolves for each event to `undefined` when
   * the broker has it, else to the error (a `BrokerAway` where nobody looked at the event); the promise itself never rejects.
   */
  publish(events: Outgoing[]): Promise<(Error | undefined)[]>
  /**
   * Sends the mail that `begin` answers once its turn has come, and nothing when it answers none; or throws. A `SendUnknown`
   * says that it may have been sent all the same.
   */
  sendMail(begin: () => Promise<Mail | undefined>): Promise<void>
}

/** Nothing got through, whichever event it was: the broker or the sidecar is away. */
export class BrokerAway extends Error {}

/** Not even the sidecar answered. */
export class SidecarAway extends BrokerAway {}

/** The mail server may have taken the mail: nobody knows. */
export class SendUnknown extends Error {}

let present: Sidecar | undefined

/** The sidecar of this process: daprd over HTTP, unless the host runs without one and stands in for it. */
export async function sidecar(): Promise<Sidecar> {
  return (present ??= (await import('./daprd.ts')).daprd)
}

/** Replaces daprd: the embedded host delivers by itself. */
export function useSidecar(replacement: Sidecar): void {
  present = replacement
}
