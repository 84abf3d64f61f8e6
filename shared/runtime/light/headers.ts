/**
 * `Headers` of the Fetch standard (https://fetch.spec.whatwg.org/#headers-class), for replies. The property test beside it
 * holds it against Node's own.
 */

type Init = Iterable<Iterable<string>> | Record<string, string>

const namePattern = /^[\w!#$%&'*+.^`|~-]+$/
const notInValue = /[\0\r\n]|[^\0-\xff]/
const surrounding = /^[\t\n\r ]+|[\t\n\r ]+$/g

export class LightHeaders {
  /** The values of each lower-case name, in the order in which they came. */
  readonly #values = new Map<string, string[]>()

  constructor(init?: Init) {
    if (init === undefined) return
    if (typeof init !== 'object' || init === null) throw new TypeError('Give pairs or an object.')
    const pairs = Symbol.iterator in init ? init : Object.entries(init)
    for (const pair of pairs) {
      const [name, value, ...more] = pair
      if (value === undefined || more.length > 0)
        throw new TypeError('Give a name and a value for each header.')
      this.append(name!, value)
    }
  }

  append(name: string, value: string): void {
    const key = checkedName(name)
    const values = this.#values.get(key)
    if (values) values.push(checkedValue(name, value))
    else this.#values.set(key, [checkedValue(name, value)])
  }

  set(name: string, value: string): void {
    this.#values.set(checkedName(name), [checkedValue(name, value)])
  }

  delete(name: string): void {
    this.#values.delete(checkedName(name))
  }

  get(name: string): string | null {
    return this.#values.get(checkedName(name))?.join(', ') ?? null
  }

  has(name: string): boolean {
    return this.#values.has(checkedName(name))
  }

  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])]
  }

  /** In the order of the names; cookies are the values that cannot be joined. */
  *entries(): Generator<[name: string, value: string]> {
    for (const name of [...this.#values.keys()].toSorted()) {
      const values = this.#values.get(name)!
      if (name === 'set-cookie') for (const value of values) yield [name, value]
      else yield [name, values.join(', ')]
    }
  }

  *keys(): Generator<string> {
    for (const [name] of this) yield name
  }

  *values(): Generator<string> {
    for (const [, value] of this) yield value
  }

  forEach(call: (value: string, name: string, headers: this) => void, receiver?: unknown): void {
    for (const [name, value] of this) call.call(receiver, value, name, this)
  }

  [Symbol.iterator](): Generator<[name: string, value: string]> {
    return this.entries()
  }
}

function checkedName(name: string): string {
  if (!namePattern.test(name)) throw new TypeError(`${name} is not the name of a header.`)
  return name.toLowerCase()
}

function checkedValue(name: string, value: unknown): string {
  const trimmed = String(value).replaceAll(surrounding, '')
  if (notInValue.test(trimmed)) throw new TypeError(`The value of ${name} holds what no header may hold.`)
  return trimmed
}
