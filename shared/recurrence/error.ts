/** The only error that the engine throws. */

export type RecurrenceErrorCode =
  | 'malformed'
  | 'no_such_date'
  | 'out_of_range'
  | 'unknown_zone'
  | 'unsupported'
  | 'contradiction'
  | 'never'
  | 'too_large'

/** `part` names the part of the input that is wrong; the message says what is wrong and how to mend it. */
export class RecurrenceError extends Error {
  readonly code: RecurrenceErrorCode
  readonly part: string

  constructor(code: RecurrenceErrorCode, part: string, message: string) {
    super(message)
    this.name = 'RecurrenceError'
    this.code = code
    this.part = part
  }
}
