/** One function as a process, from its handler: `node local/stack/serve.ts <name>`. */
import type { Hono } from 'hono'
import { folder, functions, type FunctionName } from '../../functions/manifest.ts'
import type { Env } from '../../shared/http/env.ts'
import { serve } from '../../shared/runtime/serve.ts'

const name = process.argv[2] as FunctionName
if (!Object.hasOwn(functions, name)) throw new Error(`There is no function ${name}.`)
const { default: app } = (await import(`../../${folder(name)}/handler.ts`)) as { default: Hono<Env> }
serve(name, app)
