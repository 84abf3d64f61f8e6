/** Pages of another origin, in a browser: what the protocol of CORS lets them do with the API. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, inject, test } from 'vitest'
import { openWindow, useBrowser, userPassword } from './browser.ts'

useBrowser()

/** Signs up, adds a task and changes it, by scripts of a page. Answers the version that it read, or what went wrong. */
async function workFrom(address: string): Promise<string> {
  const context = await openWindow()
  const page = await context.newPage()
  await page.goto(address)
  const account = { name: 'Ada', email: `${randomUUID()}@example.org`, password: userPassword }
  const result = await page.evaluate(
    async ({ api, account }) => {
      const send = async (method: string, path: string, headers: Record<string, string>, body?: object) =>
        fetch(`${api}${path}`, {
          method,
          credentials: 'include',
          headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
        })
      try {
        const session = (await (await send('POST', '/api/auth/sign-up/email', {}, account)).json()) as {
          token: string
        }
        const bought = await send('GET', '/api/auth/token', { authorization: `Bearer ${session.token}` })
        const authorization = `Bearer ${((await bought.json()) as { token: string }).token}`
        const keyed = { authorization, 'idempotency-key': crypto.randomUUID() }
        const added = await send('POST', '/api/tasks', keyed, { title: 'Tea' })
        const { id } = (await added.json()) as { id: string }
        const seen = { authorization, 'if-match': added.headers.get('etag')! }
        const changed = await send('PATCH', `/api/tasks/${id}`, seen, { title: 'Green tea' })
        return changed.headers.get('etag') ?? 'no version'
      } catch (error) {
        return String(error)
      }
    },
    { api: inject('webUrl'), account },
  )
  await context.close()
  return result
}

test('one of a trusted origin works with tasks', async () => {
  const { port } = new URL(inject('webUrl'))
  expect(inject('webUrl')).toBe(`http://localhost:${port}`)
  // The same server by its other name is another origin, which `npm start` trusts. This page of it has no policy of its own.
  expect(await workFrom(`http://127.0.0.1:${port}/openapi.json`)).toBe('"2"')
})

test('one of any other origin is not let', async () => {
  const server = createServer((_, reply) => reply.end('a page'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  expect(await workFrom(`http://127.0.0.1:${port}/`)).toBe('TypeError: Failed to fetch')
  server.close()
})
