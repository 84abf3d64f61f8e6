import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { sql } from '../data/sql.ts'
import { wake } from '../data/signal.ts'
import { useDatabase } from '../testing/database.ts'
import { until } from '../testing/until.ts'
import { context } from './context.ts'
import { createLoop } from './loop.ts'

useDatabase()

describe('a loop', () => {
  test('does nothing before the first tick, then works until there is nothing left, each step in a context of its own', async () => {
    const traces: string[] = []
    const loop = createLoop('due-scan', async () => {
      traces.push(context()!.traceparent)
      return traces.length < 3 ? 0 : 60_000
    })
    await sleep(50)
    expect(traces).toHaveLength(0)
    loop.tick()
    await until(() => traces.length >= 3)
    await loop.stop()
    expect(new Set(traces).size).toBe(traces.length)
  })

  test('sleeps until something is written, however long the step said', async () => {
    let steps = 0
    const loop = createLoop('due-scan', async () => {
      steps++
      return 60_000
    })
    loop.tick()
    await until(() => steps > 0)
    await sql`select 1`
    await sleep(200)
    const before = steps
    const startedAt = performance.now()
    wake(['due-scan'])
    await until(() => steps > before)
    expect(performance.now() - startedAt).toBeLessThan(900)
    await loop.stop()
  })

  test('goes on after a step that failed', async () => {
    let steps = 0
    const loop = createLoop('due-scan', async () => {
      if (steps++ === 0) throw new Error('once')
      return 60_000
    })
    loop.tick()
    await until(() => steps === 2)
    await loop.stop()
    expect(steps).toBe(2)
  })

  test('never runs two steps at a time, however many ticks come', async () => {
    let running = 0
    let most = 0
    let steps = 0
    const loop = createLoop('due-scan', async () => {
      most = Math.max(most, ++running)
      await sleep(20)
      running--
      steps++
      return 0
    })
    for (let tick = 0; tick < 20; tick++) loop.tick()
    await until(() => steps > 5)
    await loop.stop()
    expect(most).toBe(1)
  })

  test('ends the step it is in before it stops', async () => {
    let ended = false
    const loop = createLoop('due-scan', async () => {
      await sleep(100)
      ended = true
      return 60_000
    })
    loop.tick()
    await sleep(20)
    await loop.stop()
    expect(ended).toBe(true)
  })

  test('ends by itself when no tick comes any more', async () => {
    let steps = 0
    const loop = createLoop('due-scan', async () => {
      steps++
      return 10
    })
    loop.tick()
    await sleep(3_500)
    const after = steps
    await sleep(100)
    expect(steps).toBe(after)
    await loop.stop()
  })
})
