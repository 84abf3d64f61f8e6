/** The one place where addresses of the API are built. */
import { operations, type Operations } from '../generated/api.ts'

export type OperationName = keyof Operations
type Parts = Record<string, string | undefined>

/** Where the API is: the app's own origin, unless the build was told another. */
export const apiOrigin: string = process.env['NEXT_PUBLIC_API_ORIGIN'] ?? ''

/** Method and address of an operation. A parameter that is undefined is left out of the query. */
export function addressOf(name: OperationName, params: Parts = {}, query: Parts = {}) {
  const [method, template] = operations[name]
  const path = template.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(params[part] ?? ''))
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const search = new URLSearchParams(given).toString()
  return { method, url: `${apiOrigin}${path}${search && `?${search}`}` }
}
