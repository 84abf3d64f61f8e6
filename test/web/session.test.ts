/** How a session ends, and who is next in the same browser: what one of them sees and sends is never the other's. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { openApp, useBrowser, userPassword, type App } from './browser.ts'

useBrowser()

const unauthorized = { status: 401, json: { code: 'unauthorized' } }

type Task = { id: string; title: string; status: string }
type List = { items: Task[]; total: number }

/** Signs up or in by the form that `page` shows. */
async function enter(page: App['page'], email: string, isNew: boolean): Promise<void> {
  if (isNew) await page.getByRole('link', { name: 'Create an account' }).click()
  if (isNew) await page.getByRole('textbox', { name: 'Name' }).fill('Ben')
  await page.getByLabel('Mail address').fill(email)
  await page.getByLabel('Password').fill(userPassword)
  await page.locator('form button[type=submit]').click()
  await page.locator('main [data-quick-add]').waitFor()
}

test('who signs out is signed out on every page, and what waited is sent when they are back, not before', async () => {
  const { page, context, url, email, api, add, row } = await openApp({ path: '/inbox' })
  await api('POST', '/api/tasks', { title: 'Shown to Ada' })
  const other = await context.newPage()
  await other.goto(`${url}/inbox`)
  await other.getByRole('checkbox', { name: 'Complete: Shown to Ada' }).click()
  await until(async () => (await api<List>('GET', '/api/tasks')).items[0]?.status === 'done')
  await context.route('**/api/tasks', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.fallback(),
  )
  await add('Of Ada alone')
  await page.getByText(/1 change waits/).waitFor()
  await other
    .getByRole('link', { name: /Settings/ })
    .first()
    .click()
  await other.getByRole('button', { name: 'Sign out' }).click()
  for (const each of [page, other]) await each.getByRole('heading', { name: 'Sign in' }).waitFor()
  await context.unroute('**/api/tasks')

  await enter(other, `${randomUUID()}@example.org`, true)
  await other.keyboard.press('z')
  await other.getByText('There is nothing to undo.').waitFor({ state: 'attached' })
  expect((await api<List>('GET', '/api/tasks')).total).toBe(0)
  await other
    .getByRole('link', { name: /Settings/ })
    .first()
    .click()
  await other.getByRole('button', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()

  await enter(page, email, false)
  await row('Of Ada alone').waitFor()
  await until(async () => (await api<List>('GET', '/api/tasks')).total === 2)
})

test('a page whose cookie has become that of somebody else sends nothing and closes', async () => {
  const { page, context, url, api, add } = await openApp({ path: '/inbox' })
  await api('POST', '/api/tasks', { title: 'Shown to Ada' })
  await page.getByRole('link', { name: 'Shown to Ada' }).waitFor()
  await context.request.post(`${url}/api/auth/sign-up/email`, {
    headers: { origin: url },
    data: { name: 'Ben', email: `${randomUUID()}@example.org`, password: userPassword },
  })
  // The token of Ada has ended.
  await context.route('**/api/tasks', (route) => route.fulfill(unauthorized), {
    times: 1,
  })
  await add('Of Ada alone')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect((await api<List>('GET', '/api/tasks')).total).toBe(0)
})

test('who ends the account with a wrong password reads so in their language, and with the right one is gone', async () => {
  const { page } = await openApp({ path: '/settings', locale: 'de-DE' })
  await page.getByRole('button', { name: 'Alles löschen' }).click()
  const dialog = page.getByRole('dialog', { name: 'Konto löschen' })
  await dialog.getByLabel('Jetziges Passwort').fill('a wrong password')
  await dialog.getByRole('button', { name: 'Alles löschen' }).click()
  await dialog.getByText('Das jetzige Passwort stimmt nicht.').waitFor()
  await dialog.getByLabel('Jetziges Passwort').fill(userPassword)
  await dialog.getByRole('button', { name: 'Alles löschen' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('who follows a link and has no account yet is where it leads after signing up', async () => {
  const { page, context, url } = await openApp({ path: '/inbox' })
  await context.clearCookies()
  await page.goto(`${url}/upcoming?task=none`)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await enter(page, `${randomUUID()}@example.org`, true)
  expect(page.url()).toBe(`${url}/upcoming?task=none`)
})

describe('a session', () => {
  test('that has ended elsewhere is said, and what waits is sent after signing in again', async () => {
    const { page, context, url, email, api, add, row } = await openApp({ path: '/inbox' })
    await api('POST', '/api/tasks', { title: 'Shown' })
    await row('Shown').waitFor()
    await context.clearCookies()
    // The token has ended, too.
    await context.route('**/api/events?*', (route) => route.fulfill(unauthorized), { times: 1 })
    await page.getByText('You are signed out. Sign in again.').waitFor()
    await add('Waits')
    await page.getByText(/1 change waits/).waitFor()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await enter(page, email, false)
    await row('Waits').waitFor()
    expect(page.url()).toBe(`${url}/inbox`)
    await until(async () => (await api<List>('GET', '/api/tasks')).total === 2)
  })

  test('that cannot be ended goes on, which is said', async () => {
    const { page, context } = await openApp({ path: '/settings' })
    await context.route('**/api/auth/sign-out', (route) => route.abort())
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are still signed in: The server cannot be reached.').waitFor()
    await context.unroute('**/api/auth/sign-out')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})
