/** A server that goes away, somebody who changes the same thing, and two pages side by side. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { openApp, useBrowser } from './browser.ts'
import { startWebSystem, type WebSystem } from './system.ts'

useBrowser()

let system: WebSystem

beforeAll(async () => {
  system = await startWebSystem()
})
afterAll(() => system.remove())

type Task = { id: string; title: string; status: string; description: string | null }
type List = { items: Task[]; total: number }

describe('without a server', () => {
  test('what is done meanwhile is shown, kept over a reload, and sent in order when the server is back, once', async () => {
    const { page, api, add, row, url } = await openApp({ url: system.url, path: '/inbox' })
    await add('Before')
    await until(async () => (await api<List>('GET', '/api/tasks')).total === 1)
    // The shell has to be kept before it can open by itself.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null))
    await system.halt()
    await add('During')
    await row('During').waitFor()
    await page.getByText(/1 change waits/).waitFor()
    await page.getByRole('checkbox', { name: 'Complete: During' }).check()
    await page.getByRole('checkbox', { name: 'Complete: Before' }).check()
    await page.getByText(/3 changes wait/).waitFor()
    await page.goto(`${url}/inbox`)
    await page.getByText(/3 changes wait/).waitFor()
    await system.resume()
    await until(async () => (await api<List>('GET', '/api/tasks?status=done')).total === 2, 60_000)
    const { items, total } = await api<List>('GET', '/api/tasks?sort=created_at')
    expect(total).toBe(2)
    expect(items.map(({ title, status }) => [title, status])).toEqual([
      ['Before', 'done'],
      ['During', 'done'],
    ])
    await page.locator('[data-banner]').waitFor({ state: 'detached', timeout: 60_000 })
  })
})

describe('somebody else', () => {
  test('changes another field: both changes stay. The same field: the person chooses', async () => {
    const { page, api, context, url } = await openApp({ url: system.url, serviceWorkers: 'block' })
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'Plan', due_date: '2030-01-01' })
    await page.goto(`${url}/?task=${id}`)
    const title = page.getByRole('textbox', { name: 'Title' })
    const notes = page.getByRole('textbox', { name: 'Notes' })
    await expect.poll(() => title.inputValue()).toBe('Plan')
    // Nothing new is heard from the server, but changes go out.
    await context.route(/\/api\/(events|tasks\?)/, (route) => route.abort())
    await context.route(new RegExp(`/api/tasks/${id}$`), (route) =>
      route.request().method() === 'GET' && !isTold ? route.abort() : route.fallback(),
    )
    let isTold = false
    await page.reload()
    await api('PATCH', `/api/tasks/${id}`, { title: 'Their plan' })
    isTold = true
    await notes.fill('My notes')
    await until(async () => (await api<Task>('GET', `/api/tasks/${id}`)).description === 'My notes')
    expect((await api<Task>('GET', `/api/tasks/${id}`)).title).toBe('Their plan')

    isTold = false
    await expect.poll(() => title.inputValue()).toBe('Their plan')
    await api('PATCH', `/api/tasks/${id}`, { title: 'Their second plan' })
    isTold = true
    await title.fill('My plan')
    const dialog = page.getByRole('dialog', { name: 'Changed in two places' })
    await dialog.getByText('Their second plan', { exact: true }).waitFor()
    // Not chosen yet: the choice waits, over a reload too, and what was typed with it.
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.reload()
    await dialog.getByRole('radio', { name: /Yours/ }).check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await until(async () => (await api<Task>('GET', `/api/tasks/${id}`)).title === 'My plan')
  })

  test('another page of the same person follows by itself', async () => {
    const { page, api, context, url } = await openApp({ url: system.url, path: '/inbox' })
    const other = await context.newPage()
    await other.goto(`${url}/inbox`)
    await other.getByText('Nothing to sort').waitFor()
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'From elsewhere' })
    await page.getByRole('link', { name: 'From elsewhere' }).waitFor()
    await api('POST', `/api/tasks/${id}/complete`, {})
    await page.getByRole('link', { name: 'From elsewhere' }).waitFor({ state: 'detached' })
  })
})

test('an answer that is nonsense loses nothing', async () => {
  const { page, api, context, add } = await openApp({ url: system.url, path: '/inbox' })
  await context.route('**/api/tasks', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Sign in to the hotel</h1>' })
      : route.fallback(),
  )
  await add('Kept')
  await page.getByText(/Something else answered/).waitFor()
  await context.unroute('**/api/tasks')
  await page.getByRole('button', { name: 'Try again' }).click()
  await until(async () => (await api<List>('GET', '/api/tasks')).total === 1)
})
