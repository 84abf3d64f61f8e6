/**
 * `Request`, `Response` and `Headers` as a built function sees them: the build writes `web.Request` for `Request`.
 *
 * Node's own come with undici, and that with TLS, HTTP/2 and zlib: 30 ms, more than Node itself takes to start. Hono's server
 * needs two of them only as the base of its light ones, which answer by themselves whatever a function usually asks. So these
 * two are doors: Node's class is loaded when the first of its objects is made, for a body that is streamed for instance.
 */
import { LightHeaders } from './headers.ts'

type Name = 'Request' | 'Response'
type Objects = new (...given: unknown[]) => object

/** The objects it makes are those of Node's class. Asked whether something is one of them, it does not load that. */
const door = (name: Name) =>
  class {
    constructor(...given: unknown[]) {
      // Named in a string: what is written out is replaced by the build.
      return Reflect.construct(Reflect.get(globalThis, name) as Objects, given)
    }
    static [Symbol.hasInstance](value: { [Symbol.toStringTag]?: unknown } | null | undefined): boolean {
      return value?.[Symbol.toStringTag] === name
    }
  }

/** Hono's server puts its light classes here, too, as it would into the global object. */
export const web: object = Object.assign(Object.create(globalThis), {
  Headers: LightHeaders,
  Request: door('Request'),
  Response: door('Response'),
}) as object
