/** Errors as every function answers them: RFC 9457 problem details from a closed list of codes. */

/** Code, status and title of every problem that the API can answer. */
export const problems = {
  malformed_body: [400, 'The body is not what it says it is'],
  invalid: [400, 'Some of the input is not valid'],
  unauthorized: [401, 'A valid bearer token is needed'],
  forbidden: [403, 'This is not allowed'],
  not_found: [404, 'There is no such thing'],
  conflict: [409, 'The current state does not allow this'],
  version_mismatch: [412, 'It was changed by someone else in the meantime'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body must be application/json'],
  idempotency_mismatch: [422, 'The idempotency key was used for another request'],
  too_many_requests: [429, 'Too many requests'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'The service cannot answer right now'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof problems

/** One wrong field: where it is (`due_date`, `tags.2`, `query.page`), what is wrong and how to mend it. */
export type FieldError = { field: string; message: string }

/** The body of an error reply, media type `application/problem+json`. */
export type ProblemBody = {
  type: string
  title: string
  status: number
  detail: string
  code: ProblemCode
  request_id: string
  errors?: FieldError[]
}

type Extra = { errors?: FieldError[]; headers?: Record<string, string>; cause?: unknown }

/** Throw it to refuse a request: `detail` is shown to the caller, `cause` only goes to the log. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly errors: FieldError[] | undefined
  readonly headers: Record<string, string>

  constructor(code: ProblemCode, detail: string, { errors, headers = {}, cause }: Extra = {}) {
    super(detail, { cause })
    this.code = code
    this.status = problems[code][0]
    this.errors = errors
    this.headers = headers
  }

  body(requestId: string): ProblemBody {
    return {
      type: `urn:todo:problem:${this.code}`,
      title: problems[this.code][1],
      status: this.status,
      detail: this.message,
      code: this.code,
      request_id: requestId,
      ...(this.errors && { errors: this.errors }),
    }
  }
}
