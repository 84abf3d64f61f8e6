import { expect, test } from 'vitest'
import { Problem } from '../../../shared/contract/problem.ts'
import { inTurn } from './turns.ts'

/** Work that ends when it is told to. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const state = { started: false, end: resolve, fail: reject, result: Promise.resolve() }
  state.result = inTurn(async () => {
    state.started = true
    await promise
  })
  return state
}
const startedOf = (works: { started: boolean }[]) => works.map(({ started }) => started)

test('two at a time, the others in order, one that fails gives its turn on', async () => {
  const works = [work(), work(), work(), work()]
  expect(startedOf(works)).toEqual([true, true, false, false])
  works[1]!.fail(new Error('broken'))
  await expect(works[1]!.result).rejects.toThrow('broken')
  expect(startedOf(works)).toEqual([true, true, true, false])
  works[0]!.end()
  await works[0]!.result
  expect(startedOf(works)).toEqual([true, true, true, true])
  for (const { end } of works) end()
  await Promise.all([works[2]!.result, works[3]!.result])
  const [first, second, third] = [work(), work(), work()]
  expect(startedOf([first, second, third])).toEqual([true, true, false])
  for (const { end } of [first, second, third]) end()
  await third.result
})

test('when fifty wait, the next one is told to come later; then there is room again', async () => {
  const works = Array.from({ length: 52 }, work)
  await expect(work().result).rejects.toMatchObject({ code: 'unavailable', headers: { 'retry-after': '5' } })
  await expect(work().result).rejects.toBeInstanceOf(Problem)
  for (const { end } of works) end()
  await Promise.all(works.map(({ result }) => result))
  const late = work()
  expect(late.started).toBe(true)
  late.end()
  await late.result
})
