/** A browser for the tests of a file, and the app opened in it by a new user. */
import { randomUUID } from 'node:crypto'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { afterAll, beforeAll, expect, inject } from 'vitest'

const args = ['--no-sandbox', '--no-zygote', '--use-gl=angle', '--use-angle=swiftshader']
const password = 'a long password'

let browser: Browser

/** A connection that was kept may be closed by the server in the moment in which it is used again. */
const retried = { maxRetries: 3 }

/** Call it once at the top of a test file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('browserPath'), args })
  })
  afterAll(() => browser.close())
}

export type App = {
  page: Page
  context: BrowserContext
  url: string
  email: string
  /** Calls the API as the user. */
  api: <T>(method: string, path: string, body?: object) => Promise<T>
  /** Types a line into quick add of the view and sends it. */
  add: (line: string) => Promise<void>
  /** The row of a task in the list. */
  row: (title: string) => ReturnType<Page['locator']>
}

type Options = BrowserContextOptions & { url?: string; path?: string; zone?: string; locale?: string }

/** Opens a browser window without a user. What the page complains about fails the test that opened it. */
export async function openWindow(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  context.setDefaultTimeout(30_000)
  context.on('weberror', (error) => {
    throw new Error(`The page failed: ${error.error().stack ?? ''}`)
  })
  return context
}

/** Signs a new user up and opens the app at `path`. */
export async function openApp({
  url = inject('webUrl'),
  path = '/',
  zone,
  locale,
  ...options
}: Options = {}): Promise<App> {
  const context = await openWindow(options)
  const email = `${randomUUID()}@example.org`
  const signedUp = await context.request.post(`${url}/api/auth/sign-up/email`, {
    headers: { origin: url },
    data: { name: 'Ada', email, password },
  })
  expect(signedUp.status()).toBe(200)

  async function api<T>(method: string, path: string, body?: object): Promise<T> {
    const { token } = (await (await context.request.get(`${url}/api/auth/token`, retried)).json()) as {
      token: string
    }
    const reply = await context.request.fetch(`${url}${path}`, {
      ...(method === 'GET' && retried),
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { data: JSON.stringify(body) }),
    })
    if (!reply.ok()) throw new Error(`${method} ${path} answered ${reply.status()}: ${await reply.text()}`)
    return (reply.status() === 204 ? undefined : await reply.json()) as T
  }

  await api('PATCH', '/api/me', { time_zone: zone ?? 'UTC', locale: locale ?? 'en-GB' })
  const page = await context.newPage()
  await page.goto(`${url}${path}`)
  await page.waitForFunction(() => document.querySelector('main h1') !== null)
  return {
    page,
    context,
    url,
    email,
    api,
    add: async (line) => {
      await page.fill('main [data-quick-add]', line)
      await page.press('main [data-quick-add]', 'Enter')
    },
    row: (title) => page.locator('main [data-row]', { hasText: title }),
  }
}

/** Waits until nothing on the page is on its way any more: no list that still loads, no colour between two. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main h1') !== null &&
      document.querySelector('[aria-busy=true]') === null &&
      document.getAnimations().every(({ playState }) => playState !== 'running'),
  )
}

export const userPassword = password
