/** Replies, read as strictly as a client could. */
import { expect } from 'vitest'
import * as v from 'valibot'
import { problems, type ProblemBody } from '../contract/problem.ts'

const Problem = v.strictObject({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.picklist(Object.keys(problems)),
  request_id: v.string(),
  errors: v.optional(v.array(v.strictObject({ field: v.string(), message: v.string() }))),
})

/** The problem details of an error reply; fails when it is anything else. */
export async function problemOf(reply: Response): Promise<ProblemBody> {
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
  return v.parse(Problem, await reply.json()) as ProblemBody
}

/** The body of a reply, which must be what its schema says and nothing else. */
export async function bodyOf<const S extends v.GenericSchema>(
  reply: Response,
  schema: S,
): Promise<v.InferOutput<S>> {
  return v.parse(schema, await reply.json())
}
