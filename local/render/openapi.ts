/** The OpenAPI 3.1 document, from the manifest and the schemas that the functions validate with. */
import { toJsonSchema, type JsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema, ObjectEntries, StrictObjectSchema } from 'valibot'
import { folder, rows, type FunctionName } from '../../functions/manifest.ts'
import type { HttpSpec, Method } from '../../functions/spec.ts'
import { problems } from '../../shared/contract/problem.ts'
import { authPaths, authTags } from './openapi-auth.ts'

type ObjectSchema = StrictObjectSchema<ObjectEntries, undefined>

/** What a function's `schema.ts` may export. */
type Schemas = { Params?: ObjectSchema; Query?: ObjectSchema; Body?: GenericSchema; Reply?: GenericSchema }

type Operation = Record<string, unknown>

/** The document as an object; its order is the manifest's. */
export async function openapi(): Promise<object> {
  const paths: Record<string, Record<string, Operation>> = { ...authPaths }
  for (const [name, row] of rows) {
    if (row.trigger !== 'http' || name === 'auth') continue
    const schemas = (await import(/* @vite-ignore */ `../../${folder(name)}/schema.ts`)) as Schemas
    const path = row.path.replaceAll(/:(\w+)/g, '{$1}')
    for (const method of row.methods) {
      paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, row, method, schemas) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Todo functions',
      version: '1',
      description:
        'Tasks with due dates, recurring tasks, reminders and notifications. Sign up, sign in, get a token at ' +
        '`/api/auth/token`, and send it as `Authorization: Bearer`. Every error is a problem document (RFC 9457).',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...authTags, ...tags()],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema },
      responses: { Problem: { description: 'What is wrong and how to mend it', content: problemContent } },
    },
  }
}

/** `recurring-task-create` belongs to `recurring-task`. */
const tagOf = (name: FunctionName) => name.slice(0, name.lastIndexOf('-'))

const tags = () =>
  [
    ...new Set(
      rows.filter(([name, row]) => row.trigger === 'http' && name !== 'auth').map(([name]) => tagOf(name)),
    ),
  ].map((name) => ({ name }))

function operation(
  name: FunctionName,
  row: HttpSpec,
  method: Method,
  { Params, Query, Body, Reply }: Schemas,
): Operation {
  const creates = name.endsWith('-create')
  const status = name.endsWith('-delete') ? '204' : creates ? '201' : '200'
  const parameters = [
    ...parametersOf(Params, 'path'),
    ...parametersOf(Query, 'query'),
    ...(method === 'POST' ? [idempotencyKey] : []),
    ...(takesIfMatch.test(name) ? [ifMatch] : []),
    ...(saysWords.test(name) ? [acceptLanguage] : []),
    ...(name === 'task-get' || name === 'event-list' ? [ifNoneMatch] : []),
  ]
  return {
    operationId: row.methods.length > 1 ? `${name}-${method.toLowerCase()}` : name,
    tags: [tagOf(name)],
    summary: sentence(row.does),
    ...(parameters.length > 0 && { parameters }),
    ...(Body && {
      requestBody: { required: creates || method !== 'POST', content: json(schemaOf(Body, 'input')) },
    }),
    responses: {
      [status]: {
        description: sentence(row.does),
        ...(Reply && status !== '204' && { content: json(schemaOf(Reply, 'output')) }),
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same key and body within 24 hours get the same reply, and nothing is done twice.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
}

/** What changes a resource that has a version. */
const takesIfMatch = /^(task|recurring-task|me)-(update|delete|complete|reopen)$/

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  description: 'The `etag` that was read: refused with 412 when it was changed since.',
  schema: { type: 'string' },
}

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The `etag` that the caller has: answered with 304 when it is still that one.',
  schema: { type: 'string' },
}

/** What answers with a sentence about a rule, a date or a change. */
const saysWords = /^(recurring-task-(create|get|list|update|preview)|occurrence-(list|update))$/

const acceptLanguage = {
  name: 'Accept-Language',
  in: 'header',
  description: 'The language of the sentences in the reply: `en` (default) or `de`.',
  schema: { type: 'string' },
}

function parametersOf(schema: ObjectSchema | undefined, place: 'path' | 'query'): object[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input')
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

const json = (schema: JsonSchema) => ({ 'application/json': { schema } })

/** Rules that JSON Schema cannot say: the message of the refusal says them. */
const unsaid = ['trim', 'check', 'raw_check', 'to_number', 'transform', 'is_well_formed']

function schemaOf(schema: GenericSchema, typeMode: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    typeMode,
    target: 'draft-2020-12',
    ignoreActions: unsaid,
  })
  return rest
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { enum: Object.keys(problems) },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        additionalProperties: false,
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
