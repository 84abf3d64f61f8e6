import type { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { folder, rows, type FunctionName } from '../../functions/manifest.ts'
import { consumed, type FunctionSpec } from '../../functions/spec.ts'
import { events, redeliveryOf, topics, type EventName, type Topic } from '../../shared/contract/events.ts'
import { pathsOf, read } from './files.ts'

/** What `createApp()` gives to every function. */
const health = ['GET /healthz', 'GET /readyz', 'GET /metrics']

describe.each(rows)('%s', (name, row) => {
  test('has its handler, and its test beside it', () => {
    const needed = ['handler.test.ts', 'handler.ts', ...(takesInput(row) ? ['schema.ts'] : [])]
    expect(filesOf(name)).toEqual(expect.arrayContaining(needed.map((file) => `${folder(name)}/${file}`)))
  })

  test('serves exactly what the manifest promises', async () => {
    const { default: app } = (await import(/* @vite-ignore */ `../../${folder(name)}/handler.ts`)) as {
      default: Hono
    }
    const served = app.routes.map(({ method, path }) => `${method} ${path}`)
    // Middleware for every request stands in the same list.
    const own = served.filter((route) => route !== 'ALL /*' && !health.includes(route))
    expect(new Set(own)).toEqual(new Set(promised(name, row)))
    expect(served).toEqual(expect.arrayContaining(health))
  })

  test('imports no other function', () => {
    const code = filesOf(name).filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    expect(
      code.flatMap((path) => functionsImportedBy(path).filter((other) => other !== folder(name))),
    ).toEqual([])
  })

  if (row.trigger === 'http' && row.caller !== 'anyone') {
    test('its test calls the refusals that all functions for users share', () => {
      expect(read(`${folder(name)}/handler.test.ts`)).toMatch(/^refusals\(app, \{/m)
    })

    test('its handler asks for an operator when only they may call it, and its test for the refusal', () => {
      const asks = row.caller === 'operator'
      expect(/requireUser,\s+requireOperator/.test(read(`${folder(name)}/handler.ts`))).toBe(asks)
      expect(/^operatorsOnly\(app, /m.test(read(`${folder(name)}/handler.test.ts`))).toBe(asks)
    })
  }
})

const filesOf = (name: FunctionName) => pathsOf(`${folder(name)}/**`)

/** Identifiers in the path are input, and so is everything that is sent with a method that changes something. */
const takesInput = (row: FunctionSpec) =>
  row.trigger === 'http' &&
  row.caller !== 'anyone' &&
  (row.path.includes(':') || row.methods.some((method) => ['POST', 'PUT', 'PATCH'].includes(method)))

function promised(name: FunctionName, row: FunctionSpec): string[] {
  if (row.trigger === 'http') return row.methods.map((method) => `${method} ${row.path}`)
  return [`POST /${row.trigger === 'event' ? 'events' : 'schedules'}/${name}`]
}

/** Folders of functions that a file imports from, by the relative paths in its text. */
function functionsImportedBy(path: string): string[] {
  return [...read(path).matchAll(/(?:from|import\(?)\s*'(\.[^']+)'/g)].flatMap(([, target]) => {
    const [, imported] =
      /^\/(functions\/\w+\/[^/]+)\//.exec(new URL(target!, `file:///${path}`).pathname) ?? []
    return imported ? [imported] : []
  })
}

describe('the manifest', () => {
  test('has a row for every folder', () => {
    const folders = pathsOf('functions/*/*').filter((path) => !path.endsWith('.ts'))
    expect(folders).toEqual(rows.map(([name]) => folder(name)).toSorted())
  })

  test.each(Object.keys(events) as EventName[])('somebody emits %s', (name) => {
    const code = [...pathsOf('functions/**/*.ts'), ...pathsOf('shared/data/*.ts')].filter(
      (path) => !path.endsWith('.test.ts') && path !== 'shared/data/outbox.ts',
    )
    expect(code.filter((path) => read(path).includes(`'${name}'`))).not.toEqual([])
  })

  /** Published by daprd itself, when a delivery has failed for good. */
  const publishedByDapr: Topic[] = ['dead-letter', 'dead-letter-parked']
  /** Consumed by nobody, and why. */
  const consumedByNobody: Topic[] = [
    // What even the keeper of dead letters could not take; a consumer could only put it back.
    'dead-letter-parked',
  ]

  test.each(Object.keys(topics) as Topic[])('the topic %s has who publishes and who consumes', (topic) => {
    const again = rows.some(([name]) => redeliveryOf(name) === topic)
    const published = again || Object.values(events).some((event) => event.topic === topic)
    const isConsumed = rows.some(
      ([name, row]) => row.trigger === 'event' && consumed(name, row).some((one) => one.topic === topic),
    )
    expect({ published, consumed: isConsumed }).toEqual({
      published: !publishedByDapr.includes(topic),
      consumed: !consumedByNobody.includes(topic),
    })
  })
})
