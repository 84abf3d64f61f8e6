/** The OpenAPI document, as the reference reads it. */

export type Schema = {
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  default?: unknown
  format?: string
  description?: string
}
export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema: Schema
}
export type Operation = {
  operationId: string
  summary: string
  tags: string[]
  security?: unknown[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { description?: string; content?: Record<string, { schema: Schema }> }>
}
export type Entry = { method: string; path: string; operation: Operation }
type Document = { info: { description: string }; paths: Record<string, Record<string, Operation>> }

export type Reference = { description: string; groups: [tag: string, entries: Entry[]][] }

/** A file of the export. */
export const documentPath = '/openapi.json'

export async function readReference(): Promise<Reference> {
  const reply = await fetch(documentPath)
  if (!reply.ok) throw new Error(String(reply.status))
  const { info, paths } = (await reply.json()) as Document
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const tags = [...new Set(entries.map(({ operation }) => operation.tags[0]!))]
  return {
    description: info.description,
    groups: tags.map((tag) => [tag, entries.filter(({ operation }) => operation.tags[0] === tag)]),
  }
}

/** A body to begin with: the required fields, with something of their kind. */
export function sampleOf(schema: Schema | undefined): string {
  return schema ? JSON.stringify(sample(schema), null, 2) : ''
}

function sample(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  const first = (schema.anyOf ?? schema.oneOf)?.[0]
  if (first) return sample(first)
  if (schema.properties) {
    const { properties, required = [] } = schema
    return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {})]))
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  return (
    { string: schema.format === 'email' ? 'ada@example.org' : '', number: 1, boolean: true, array: [] }[
      type ?? ''
    ] ?? null
  )
}

/** A schema in a few words: "string", "1 | 2 | 3", "string[] | null". */
export function kindOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const several = schema.anyOf ?? schema.oneOf
  if (several) return [...new Set(several.map(kindOf))].join(' | ')
  if (schema.type === 'array') return `${kindOf(schema.items ?? {})}[]`
  return [schema.type ?? 'any'].flat().join(' | ')
}
