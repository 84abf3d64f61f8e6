/** `requireOperator`: the caller may look after the system, which is more than a user may. */
import { createMiddleware } from 'hono/factory'
import { Problem } from '../contract/problem.ts'
import { sql } from '../data/sql.ts'
import type { Env } from './env.ts'

/** After `requireUser`; answers 403 unless the table `operators` has the caller, asked anew at each request. */
export const requireOperator = createMiddleware<Env>(async (c, next) => {
  const [operator] = await sql`select 1 from operators where user_id = ${c.var.userId}`
  if (!operator) throw new Problem('forbidden', 'Only an operator may do this.')
  await next()
})
