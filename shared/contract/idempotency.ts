/** How long the reply to an `Idempotency-Key` is kept; housekeeping removes it afterwards. */
export const idempotencyKeptHours = 24
