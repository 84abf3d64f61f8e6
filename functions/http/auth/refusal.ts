/** What Better Auth refuses, as problem details like those of every other function. */
import { Problem, type FieldError, type ProblemCode } from '../../../shared/contract/problem.ts'

type Known = [code: ProblemCode, detail: string, field?: string]

const taken: Known = [
  'conflict',
  'There is an account with this mail address. Sign in, or use another address.',
]

const untrusted: Known = [
  'forbidden',
  'This origin may not sign in. The operator lists such origins in AUTH_TRUSTED_ORIGINS.',
]

const known: Record<string, Known> = {
  INVALID_EMAIL_OR_PASSWORD: ['unauthorized', 'The mail address or the password is wrong.'],
  UNAUTHORIZED: [
    'unauthorized',
    'Send the header `Authorization: Bearer <token>` with the token of a sign-in whose session has not ended.',
  ],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: taken,
  INVALID_EMAIL: ['invalid', 'This is not a mail address.', 'email'],
  INVALID_PASSWORD: ['invalid', 'The current password is wrong.', 'currentPassword'],
  INVALID_ORIGIN: untrusted,
  MISSING_OR_NULL_ORIGIN: untrusted,
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: untrusted,
}

const byStatus: Record<number, ProblemCode> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'conflict',
  429: 'too_many_requests',
}

export const addressTaken = (): Problem => new Problem(taken[0], taken[1])

/** The problem that an error reply to `body` means. Better Auth's own words are shown for 4xx only. */
export async function refusal(reply: Response, body: object = {}): Promise<Problem> {
  const text = await reply.text()
  const { code: reason, message } = read(text)
  const [code, detail, field]: Known = known[reason] ?? [
    byStatus[reply.status] ?? 'internal',
    byStatus[reply.status] ? `${message} (${reason})` : 'The request could not be handled.',
  ]
  // Who ends an account gives the current password as `password`.
  const named = field === 'currentPassword' && 'password' in body ? 'password' : field
  const errors: FieldError[] | undefined = named ? [{ field: named, message: detail }] : undefined
  return new Problem(code, detail, {
    ...(errors && { errors }),
    ...(code === 'unauthorized' && { headers: { 'www-authenticate': 'Bearer' } }),
    cause: new Error(`Better Auth answered ${reply.status} ${reason}`),
  })
}

function read(text: string): { code: string; message: string } {
  const json = text.startsWith('{') ? (JSON.parse(text) as { code?: unknown; message?: unknown }) : {}
  return {
    code: typeof json.code === 'string' ? json.code : 'NO_CODE',
    message: typeof json.message === 'string' ? json.message : 'Refused.',
  }
}
