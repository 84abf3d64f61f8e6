/** `body`, `query` and `params`: input that passed its schema, or a problem that names each wrong field. */
import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as v from 'valibot'
import { Problem, type FieldError } from '../contract/problem.ts'
import type { Env } from './env.ts'
import { parseJson } from './json.ts'

/** Bytes of a request body. */
const bodyBytesMax = 65_536

type Target = 'json' | 'query' | 'param'
type Validated<T extends Target, S extends v.GenericSchema> = MiddlewareHandler<
  Env,
  string,
  { in: { [K in T]: v.InferInput<S> }; out: { [K in T]: v.InferOutput<S> } }
>

/** The JSON body, at `c.req.valid('json')`. No body at all is what an optional schema takes for its default. */
export function body<const S extends v.GenericSchema>(schema: S): Validated<'json', S> {
  return createMiddleware<Env>(async (c, next) => {
    const text = await readText(c.req.raw)
    const json = text === '' && schema.type === 'optional' ? undefined : parseJson(announced(c, text))
    c.req.addValidatedData('json', check(schema, json, '') as object)
    await next()
  })
}

function announced(c: Context<Env>, text: string): string {
  if (/^application\/(json|merge-patch\+json)\s*(;|$)/i.test(c.req.header('content-type') ?? '')) return text
  throw new Problem('unsupported_media_type', 'Send JSON with the header `content-type: application/json`.')
}

/** The query string, at `c.req.valid('query')`. A parameter given twice is refused. */
export function query<const S extends v.GenericSchema>(schema: S): Validated<'query', S> {
  return createMiddleware<Env>(async (c, next) => {
    const given: Record<string, string> = {}
    for (const [name, values] of Object.entries(c.req.queries())) {
      if (values.length > 1)
        refuse([{ field: `query.${name}`, message: 'Given more than once. Give it once.' }])
      given[name] = values[0]!
    }
    c.req.addValidatedData('query', check(schema, given, 'query.') as object)
    await next()
  })
}

/** An id in the path that no row can have is answered like one that no row has. */
export function params<const S extends v.GenericSchema>(schema: S): Validated<'param', S> {
  return createMiddleware<Env>(async (c, next) => {
    const result = v.safeParse(schema, c.req.param())
    if (!result.success) throw new Problem('not_found', 'There is no such thing, or it is not yours.')
    c.req.addValidatedData('param', result.output as object)
    await next()
  })
}

/** The text of a body of bounded size, refused before it is read when its length is announced. */
export async function readText(request: Request, bytesMax = bodyBytesMax): Promise<string> {
  const tooLarge = () => new Problem('body_too_large', `The body is larger than ${bytesMax} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge()
  const announced = request.headers.has('content-length')
  const bytes = announced ? new Uint8Array(await request.arrayBuffer()) : await readBounded(request, bytesMax)
  if (!bytes || bytes.length > bytesMax) throw tooLarge()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem('malformed_body', 'The body is not valid UTF-8.')
  }
}

/** A chunked body announces no length: it is given up at the first byte too many. */
async function readBounded(request: Request, bytesMax: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > bytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function check<const S extends v.GenericSchema>(schema: S, input: unknown, prefix: string): v.InferOutput<S> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  refuse(result.issues.slice(0, 20).map((issue) => fieldError(issue, prefix)))
}

function fieldError(issue: v.BaseIssue<unknown>, prefix: string): FieldError {
  const field = prefix + (v.getDotPath(issue) ?? '')
  if (issue.type === 'strict_object') {
    return issue.expected === 'never'
      ? { field, message: 'This field is not known. Leave it out.' }
      : { field, message: issue.received === 'undefined' ? 'This field is required.' : issue.message }
  }
  return { field, message: issue.received === 'undefined' ? 'This field is required.' : issue.message }
}

/** Refuses input with the fields that are wrong, `invalid` with one sentence for all of them. */
export function refuse(errors: FieldError[]): never {
  const names = errors.map(({ field }) => field || 'the body').join(', ')
  throw new Problem('invalid', `Not valid: ${names}.`, { errors })
}
