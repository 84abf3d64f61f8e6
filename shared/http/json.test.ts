import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { Problem } from '../contract/problem.ts'
import { jsonDepthMax, parseJson } from './json.ts'

describe('parseJson', () => {
  test('reads whatever JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test.each([
    ['a key given twice', '{"a":1,"a":2}'],
    ['deep inside', '{"x":[{"a":1,"b":{"c":1},"a":2}]}'],
    ['in two spellings', String.raw`{"a":1,"\u0061":2}`],
    ['with spaces before the colon', '{"a" :1, "a"\n: 2}'],
  ])('refuses %s', (_, text) => {
    expect(() => parseJson(text)).toThrow(/given twice/)
  })

  test.each([
    '{"a":"a","b":"a"}',
    '[{"a":1},{"a":1}]',
    '{"a":{"a":1}}',
    String.raw`{"a":"\"a\":","b":"{\"a\":1,\"a\":1}"}`,
  ])('takes the same word in different places: %s', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  test('takes the deepest nesting that is allowed, and not one more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => parseJson(nested(jsonDepthMax))).not.toThrow()
    expect(() => parseJson(nested(jsonDepthMax + 1))).toThrow(Problem)
  })

  test('refuses text that is no JSON as a problem of the body', () => {
    for (const text of ['', '{', '{"a":1,}', "{'a':1}", 'NaN', '{"a":01}']) {
      expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'malformed_body' }))
    }
  })

  test('is done with a megabyte of quotes and brackets in a moment', () => {
    const text = JSON.stringify({ a: '"[{'.repeat(300_000) })
    const startedAt = performance.now()
    parseJson(text)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
