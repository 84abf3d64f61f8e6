import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LightHeaders } from './headers.ts'

const name = fc.oneof(
  fc.constantFrom('a', 'A', 'Content-Type', 'set-cookie', 'Set-Cookie', '', 'a b', 'é'),
  fc.string({ maxLength: 3 }),
)
const value = fc.oneof(
  fc.constantFrom('', ' x ', '\tx', 'x\r\ny', '\0', 'é', '€'),
  fc.string({ maxLength: 5 }),
)
const pairs = fc.array(fc.tuple(name, value), { maxLength: 6 })

/** One call, as both classes take it. */
const call = fc.oneof(
  fc.tuple(fc.constantFrom('append', 'set'), name, value),
  fc.tuple(fc.constantFrom('get', 'has', 'delete'), name),
)

/** What comes of it: the answer, or that it was refused. */
function outcome(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return (error as Error).constructor.name
  }
}

const contents = (headers: Headers) => {
  const each: string[] = []
  headers.forEach((value, name) => each.push(`${name}: ${value}`))
  return [[...headers], [...headers.keys()], [...headers.values()], headers.getSetCookie(), each]
}

test("every sequence of calls has the outcome that it has with Node's own class", () => {
  fc.assert(
    fc.property(pairs, fc.array(call, { maxLength: 12 }), (init, calls) => {
      const light = outcome(() => new LightHeaders(init)) as Headers
      const native = outcome(() => new Headers(init)) as Headers
      if (typeof native === 'string') {
        expect(light).toBe(native)
        return
      }
      for (const [method, ...given] of calls) {
        const run = (headers: Headers) =>
          outcome(() => Reflect.apply(headers[method as 'get'], headers, given))
        expect(run(light), JSON.stringify([init, calls])).toEqual(run(native))
      }
      expect(contents(light)).toEqual(contents(native))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['nothing', undefined],
  ['an object', { B: '1', a: '2', 'set-cookie': '3' }],
  [
    'other headers',
    new Headers([
      ['set-cookie', 'a'],
      ['set-cookie', 'b'],
      ['x', 'y'],
    ]),
  ],
  ['null', null],
  ['a text', 'ab'],
  ['half a pair', [['a']]],
  ['more than a pair', [['a', 'b', 'c']]],
  ['a name that is none', { 'a b': '1' }],
])('made of %s, it is what Node makes of it', (_, init) => {
  const make = (Class: typeof Headers) => outcome(() => [...new Class(init as HeadersInit)])
  expect(make(LightHeaders as unknown as typeof Headers)).toEqual(make(Headers))
})

test("Node's own takes it over", () => {
  const light = new LightHeaders([
    ['set-cookie', 'a'],
    ['set-cookie', 'b'],
    ['x', 'y'],
  ])
  expect([...new Headers(light as unknown as Headers)]).toEqual([...light])
})
