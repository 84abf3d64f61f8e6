/** Requests to the API, typed by operation. */
import type { Operations } from '../generated/api.ts'
import { language } from '../messages/translate.ts'
import { addressOf, type OperationName } from './address.ts'
import { ApiError, asApiError, readProblem } from './error.ts'
import { accessToken, forgetToken } from './token.ts'

export type Reply<O extends OperationName> = Operations[O]['reply']

export type Request<O extends OperationName> = {
  params?: Operations[O]['params']
  query?: Operations[O]['query']
  body?: Operations[O]['body']
}

type Options = { ifMatch?: string | undefined; idempotencyKey?: string | undefined }

/** After this a server counts as away. What was typed is still there, and is sent again. */
const timeoutMs = 20_000

/** Calls an operation as the signed-in user. Throws an `ApiError`. */
export async function call<O extends OperationName>(
  operation: O,
  request: Request<O> = {},
  options: Options = {},
): Promise<Reply<O>> {
  const reply = await send(operation, request, options)
  if (reply.status === 204) return undefined
  return (await reply.json().catch(() => {
    throw new ApiError(0, 'nonsense')
  })) as Reply<O>
}

/** The same for whoever wants the reply itself. A status other than 2xx or 304 is thrown. */
export async function send<O extends OperationName>(
  operation: O,
  { params, query, body }: Request<O>,
  { ifMatch, idempotencyKey }: Options = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  const { method, url } = addressOf(operation, params, query)
  const attempt = async () =>
    fetch(url, {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'accept-language': language.get().locale,
        authorization: `Bearer ${await accessToken()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch && { 'if-match': ifMatch }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  try {
    let reply = await attempt()
    if (reply.status === 401) {
      // The token may have ended early: its key was replaced, or clocks differ.
      forgetToken()
      reply = await attempt()
    }
    if (reply.ok || reply.status === 304) return answered(reply)
    throw await readProblem(reply)
  } catch (error) {
    throw asApiError(error)
  }
}

/** A hotel's sign-in page answers 200, too. */
function answered(reply: Response): Response {
  const type = reply.headers.get('content-type') ?? ''
  if (reply.status === 200 && !type.includes('json')) throw new ApiError(0, 'nonsense')
  return reply
}

/** Calls an operation of the auth function, whose answer is the session cookie. Throws an `ApiError`. */
export async function callAuth<T = unknown>(path: string, body?: object): Promise<T> {
  const { url } = addressOf('auth-token')
  try {
    const reply = await fetch(url.replace(/token$/, path), {
      method: body ? 'POST' : 'GET',
      credentials: 'include',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!reply.ok) throw await readProblem(reply)
    return (await reply.json()) as T
  } catch (error) {
    throw asApiError(error)
  }
}
