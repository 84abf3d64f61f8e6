/** The operations of the OpenAPI document as TypeScript, for clients: where each one is, and what it takes and gives. */

type Schema = {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema | false
  prefixItems?: Schema[]
  default?: unknown
  description?: string
}
type Parameter = { name: string; in: string; required?: boolean; schema: Schema; description?: string }
type Content = { content?: Record<string, { schema: Schema }> }
type Operation = {
  operationId: string
  summary: string
  parameters?: Parameter[]
  requestBody?: Content & { required: boolean }
  responses: Record<string, Content>
}
type Document = { paths: Record<string, Record<string, Operation>> }

/** `web/generated/api.ts`, from the document that is `openapi.json`. */
export function apiTypes(document: object): [path: string, text: string] {
  const operations = Object.entries((document as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const table = operations.map(
    ({ path, method, operation }) => `  '${operation.operationId}': ['${method}', '${path}'],`,
  )
  const shapes = operations.map(({ operation }) => shape(operation))
  return [
    'web/generated/api.ts',
    [
      '// Generated from openapi.json by `npm run generate`. Do not edit.',
      '',
      '/** Method and path of every operation. */',
      `export const operations = {\n${table.join('\n')}\n} as const`,
      '',
      '/** What every operation takes and gives. */',
      `export type Operations = {\n${shapes.join('\n')}\n}\n`,
    ].join('\n'),
  ]
}

function shape({ operationId, summary, parameters = [], requestBody, responses }: Operation): string {
  const given = (place: string) =>
    object(
      Object.fromEntries(
        parameters.filter((each) => each.in === place).map((each) => [each.name, each.schema]),
      ),
      parameters.filter((each) => each.in === place && each.required).map(({ name }) => name),
      4,
    )
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  return [
    `  /** ${summary}. */`,
    `  '${operationId}': {`,
    `    params: ${given('path')}`,
    `    query: ${given('query')}`,
    `    body: ${requestBody ? bodyType(requestBody) : 'undefined'}`,
    `    reply: ${success?.content ? type(jsonOf(success), 4) : 'undefined'}`,
    '  }',
  ].join('\n')
}

const bodyType = (body: Content & { required: boolean }) =>
  `${type(jsonOf(body), 4)}${body.required ? '' : ' | undefined'}`

const jsonOf = ({ content }: Content): Schema => content!['application/json']!.schema

/** The type that a schema describes; `indent` is that of the line it begins on. */
function type(schema: Schema, indent: number): string {
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return union(alternatives.map((each) => type(each, indent)))
  if (schema.enum) return union(schema.enum.map(literal))
  if ('const' in schema) return literal(schema.const)
  if (Array.isArray(schema.type))
    return union(schema.type.map((name) => type({ ...schema, type: name }, indent)))
  if (schema.prefixItems) return `[${schema.prefixItems.map((each) => type(each, indent)).join(', ')}]`
  if (schema.type === 'array') return `${bracketed(type(schema.items || {}, indent))}[]`
  if (schema.properties) return object(schema.properties, schema.required ?? [], indent)
  if (schema.type === 'object') {
    const { additionalProperties: values } = schema
    return `Record<string, ${typeof values === 'object' ? type(values, indent) : 'unknown'}>`
  }
  return (
    { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' }[
      schema.type ?? ''
    ] ?? 'unknown'
  )
}

function object(properties: Record<string, Schema>, required: string[], indent: number): string {
  const fields = Object.entries(properties)
  if (fields.length === 0) return 'Record<string, never>'
  const space = ' '.repeat(indent + 2)
  const lines = fields.map(([name, schema]) => {
    const key = /^[a-z_]\w*$/i.test(name) ? name : `'${name}'`
    return `${space}${key}${required.includes(name) ? '' : '?'}: ${type(schema, indent + 2)}`
  })
  return `{\n${lines.join('\n')}\n${' '.repeat(indent)}}`
}

const union = (types: string[]) => [...new Set(types)].join(' | ')
const bracketed = (text: string) => (text.includes(' | ') ? `(${text})` : text)
const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value)
