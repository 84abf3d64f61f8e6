/** What a request can end in instead of a reply. */

export type FieldError = { field: string; message: string }

/** A code of the API's problem details; `offline`, `slow` and `nonsense` are what happens on the way. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldError[]
  readonly retryAfterMs: number | undefined

  constructor(status: number, code: string, detail = code, errors: FieldError[] = [], retryAfterMs?: number) {
    super(detail)
    this.status = status
    this.code = code
    this.errors = errors
    this.retryAfterMs = retryAfterMs
  }

  /** Whether the same request may well be answered later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

/** The problem document of a reply (RFC 9457), or `nonsense` when something else answers in the API's place. */
export async function readProblem(reply: Response): Promise<ApiError> {
  const problem = (await reply.json().catch(() => ({}))) as Record<string, unknown>
  const seconds = Number(reply.headers.get('retry-after'))
  const code =
    typeof problem.code === 'string' ? problem.code : reply.status < 500 ? 'nonsense' : 'unavailable'
  return new ApiError(
    code === 'nonsense' ? 0 : reply.status,
    code,
    typeof problem.detail === 'string' ? problem.detail : undefined,
    Array.isArray(problem.errors) ? (problem.errors as FieldError[]) : [],
    seconds > 0 ? seconds * 1000 : undefined,
  )
}

/** Any thrown thing as one of ours: what `fetch` throws means that nothing was answered. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError' || name === 'AbortError') return new ApiError(0, 'slow')
  return new ApiError(0, name === 'SyntaxError' ? 'nonsense' : 'offline')
}
