/** A server that goes away, somebody who changes the same thing, and two pages side by side. */
import type { Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
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
  // Also after a failure in its midst: the other tests need it.
  afterEach(() => system.resume())

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
    await page.getByRole('checkbox', { name: 'Complete: During' }).click()
    await page.getByRole('checkbox', { name: 'Complete: Before' }).click()
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
    await api('PATCH', `/api/tasks/${id}`, { title: 'Their plan' })
    isTold = true
    const refused = page.waitForResponse((response) => response.status() === 412)
    await notes.fill('My notes')
    await refused
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

  test.each(['is saved', 'is on its way'])(
    'changes what is being typed, while it %s: the page knows, and still overwrites nothing',
    async (state) => {
      const { page, api, context, url } = await openApp({ url: system.url, serviceWorkers: 'block' })
      const { id } = await api<Task>('POST', '/api/tasks', { title: 'Plan' })
      const notesThere = async () => (await api<Task>('GET', `/api/tasks/${id}`)).description
      const release = Promise.withResolvers<void>()
      const mine = page.waitForRequest((request) => request.method() === 'PATCH')
      await context.route(`**/api/tasks/${id}`, async (route) => {
        if (state === 'is on its way' && route.request().method() === 'PATCH') await release.promise
        return route.fallback()
      })
      await page.goto(`${url}/?task=${id}`)
      const notes = page.getByRole('textbox', { name: 'Notes' })
      await notes.pressSequentially('Buy a')
      await mine
      if (state === 'is saved') await until(async () => (await notesThere()) === 'Buy a')
      const told = page.waitForResponse(
        async (response) =>
          response.request().method() === 'GET' &&
          response.url().endsWith(id) &&
          (await response.text()).includes('Sell b'),
      )
      await api('PATCH', `/api/tasks/${id}`, { description: 'Sell b' })
      await told
      await notes.pressSequentially(' lamp')
      // Longer than the pause after which it is saved.
      await page.waitForTimeout(1_500)
      release.resolve()
      const dialog = page.getByRole('dialog', { name: 'Changed in two places' })
      await dialog.getByText('Sell b', { exact: true }).waitFor()
      await page.getByText('Saved', { exact: true }).waitFor()
      expect(await notesThere()).toBe('Sell b')
    },
  )

  test('another page of the same person follows by itself', async () => {
    const { page, api, context, url } = await openApp({ url: system.url, path: '/inbox' })
    const other = await context.newPage()
    await other.goto(`${url}/inbox`)
    await other.getByText('Nothing to sort').waitFor()
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'From elsewhere' })
    await page.getByRole('link', { name: 'From elsewhere' }).waitFor()
    await api('POST', `/api/tasks/${id}/complete`, {})
    await page.getByRole('link', { name: 'From elsewhere' }).waitFor({ state: 'detached' })
    await api('POST', `/api/tasks/${id}/reopen`, {})
    await page.getByRole('link', { name: 'From elsewhere' }).waitFor()
    await api('DELETE', `/api/tasks/${id}`)
    await page.getByRole('link', { name: 'From elsewhere' }).waitFor({ state: 'detached' })
    await api('POST', `/api/tasks/${id}/undo`, {})
    await page.getByRole('link', { name: 'From elsewhere' }).waitFor()
  })

  test('changes something while the server is busy: it is read when it can be', async () => {
    const { page, api, context, row } = await openApp({ url: system.url, path: '/inbox' })
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'Plan' })
    await row('Plan').waitFor()
    const busy = { status: 503, json: { code: 'unavailable' } }
    await context.route(`**/api/tasks/${id}`, (route) =>
      route.request().method() === 'GET' ? route.fulfill(busy) : route.fallback(),
    )
    const asked = page.waitForResponse((response) => response.status() === 503)
    await api('PATCH', `/api/tasks/${id}`, { title: 'Their plan' })
    await asked
    await context.unroute(`**/api/tasks/${id}`)
    await row('Their plan').waitFor()
  })
})

test('what the server refuses is said once, and holds up nothing of what waits behind it', async () => {
  const { page, api, context, add, row } = await openApp({ url: system.url, path: '/inbox' })
  const { id } = await api<Task>('POST', '/api/tasks', { title: 'Gone' })
  await row('Gone').waitFor()
  // Nothing new is heard from the server, but changes go out.
  await context.route('**/api/events?*', (route) => route.abort())
  await api('DELETE', `/api/tasks/${id}`)
  await page.getByRole('checkbox', { name: 'Complete: Gone' }).click()
  await page.getByText('“Gone” could not be saved: It is not there any more.').waitFor()
  await add('Behind it')
  await until(async () => (await api<List>('GET', '/api/tasks')).items[0]?.title === 'Behind it')
  expect(await page.getByText('“Gone” could not be saved').count()).toBe(1)
})

const fillDisk = (page: Page) =>
  page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Full', 'QuotaExceededError')
    }
  })

describe('a browser', () => {
  test('that has lost what it kept goes on keeping', async () => {
    const { page, api, add } = await openApp({ url: system.url, path: '/inbox' })
    await add('Before')
    await until(async () => (await api<List>('GET', '/api/tasks')).total === 1)
    await page.evaluate(() => indexedDB.deleteDatabase('todo'))
    await add('After')
    await until(async () => (await api<List>('GET', '/api/tasks')).total === 2)
    expect(await page.getByText('cannot keep').count()).toBe(0)
  })

  test('whose disk is full says so, and sends what it could not keep', async () => {
    const { page, api, add, row, context } = await openApp({ url: system.url, path: '/inbox' })
    await fillDisk(page)
    const posts = (route: Route) => (route.request().method() === 'POST' ? route.abort() : route.fallback())
    await context.route('**/api/tasks', posts)
    await add('Not kept')
    await page.getByText('cannot keep “Not kept”').waitFor()
    await page.getByRole('checkbox', { name: 'Complete: Not kept' }).click()
    await row('Not kept').waitFor({ state: 'detached' })
    await context.unroute('**/api/tasks', posts)
    await page.getByRole('button', { name: 'Try again' }).click()
    await until(async () => (await api<List>('GET', '/api/tasks')).items[0]?.status === 'done')
    await page.locator('[data-banner]').waitFor({ state: 'detached' })
  })

  test('whose disk is full still lets the person choose between two changes', async () => {
    const { page, api, context, url } = await openApp({ url: system.url, serviceWorkers: 'block' })
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'Plan', due_date: '2030-01-01' })
    await page.goto(`${url}/?task=${id}`)
    const title = page.getByRole('textbox', { name: 'Title' })
    await expect.poll(() => title.inputValue()).toBe('Plan')
    await context.route('**/api/events?*', (route) => route.abort())
    await api('PATCH', `/api/tasks/${id}`, { title: 'Their plan' })
    await fillDisk(page)
    await title.fill('My plan')
    const dialog = page.getByRole('dialog', { name: 'Changed in two places' })
    await dialog.getByRole('radio', { name: /Yours/ }).check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await until(async () => (await api<Task>('GET', `/api/tasks/${id}`)).title === 'My plan')
  })
})

describe('a server that answers strangely', () => {
  const posts = (change: (route: Route) => Promise<void>) => (route: Route) =>
    route.request().method() === 'POST' ? change(route) : route.fallback()

  test.each([
    ['a page of the hotel', 'text/html', '<h1>Sign in to the hotel</h1>'],
    ['JSON of somebody else', 'application/json', '{"hello":"world"}'],
    ['JSON that breaks off', 'application/json', '{"id":'],
  ])('%s: what was typed is kept, and arrives later', async (_, contentType, body) => {
    const { page, api, context, add } = await openApp({ url: system.url, path: '/inbox' })
    const nonsense = posts((route) => route.fulfill({ status: 200, contentType, body }))
    await context.route('**/api/tasks', nonsense)
    await add('Kept')
    await page.getByText(/Something else answered/).waitFor()
    await context.unroute('**/api/tasks')
    await page.getByRole('button', { name: 'Try again' }).click()
    await until(async () => (await api<List>('GET', '/api/tasks')).total === 1)
  })

  test('slowly: the next lines and words are typed meanwhile, and all of them arrive', async () => {
    const { page, api, context, add, row } = await openApp({ url: system.url, path: '/inbox' })
    let answer = () => {}
    const slow = new Promise<void>((resolve) => (answer = resolve))
    await context.route(
      '**/api/tasks',
      posts((route) => slow.then(() => route.fallback())),
    )
    await add('First')
    await add('Second')
    await row('First').getByRole('link').click()
    const title = page.getByRole('textbox', { name: 'Title' })
    await title.fill('First, in other words')
    await row('First, in other words').waitFor()
    await title.pressSequentially(' and more')
    answer()
    const titles = async () =>
      (await api<List>('GET', '/api/tasks')).items.map((task) => task.title).toSorted()
    await until(async () => (await titles()).join() === 'First, in other words and more,Second')
  })
})

test('what could not be loaded is said in every view, and is there after another try', async () => {
  const { page, context, url } = await openApp({ url: system.url, path: '/inbox' })
  const lists = /\/api\/(tasks|recurring-tasks|notifications)\?/
  for (const [view, empty] of [
    ['upcoming', 'Nothing is planned'],
    ['tags', 'No tags yet'],
    ['recurring', 'Nothing repeats yet'],
    ['notifications', 'No reminders yet'],
  ]) {
    await context.route(lists, (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }))
    await page.goto(`${url}/${view}`)
    await page.getByText('This could not be loaded').waitFor()
    expect(await page.getByText(empty!).count()).toBe(0)
    await context.unroute(lists)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(empty!).waitFor()
  }
})

test('a series that is made while a page loads is there', async () => {
  const { page, api } = await openApp({ url: system.url, path: '/recurring' })
  const isMade = Promise.withResolvers<void>()
  await page.route(/\/api\/events\?/, async (route) => {
    await isMade.promise
    await route.continue()
  })
  await page.reload()
  await page.getByText('Nothing repeats yet').waitFor()
  await api('POST', '/api/recurring-tasks', { title: 'Water', recurrence_type: 'daily' })
  isMade.resolve()
  await page.getByText('Water').first().waitFor()
})

test('while one function fails, the banner stands still, and goes when it works again', async () => {
  const { page, api, context } = await openApp({ url: system.url, path: '/inbox' })
  const lists = /\/api\/recurring-tasks\?/
  await context.route(lists, (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }))
  await api('POST', '/api/recurring-tasks', { title: 'Water', recurrence_type: 'daily' })
  await page.locator('[data-banner]').waitFor()
  const changes = await page.evaluate(async () => {
    const seen: boolean[] = []
    const look = () => void seen.push(document.querySelector('[data-banner]') !== null)
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    return seen.filter((isShown) => !isShown).length
  })
  expect(changes).toBe(0)
  await context.unroute(lists)
  await page.locator('[data-banner]').waitFor({ state: 'detached' })
})

test('what a page was to send that is closed is sent by the other one', async () => {
  const { page, api, add, context, url } = await openApp({ url: system.url, path: '/inbox' })
  const other = await context.newPage()
  await other.goto(`${url}/inbox`)
  await other.getByText('Nothing to sort').waitFor()
  // Never answered.
  await page.route('**/api/tasks', (route) =>
    route.request().method() === 'POST' ? undefined : route.fallback(),
  )
  await add('Left behind')
  await other.getByText('Left behind').waitFor()
  await page.close()
  await until(async () => (await api<List>('GET', '/api/tasks')).total === 1)
  expect((await api<List>('GET', '/api/tasks')).items[0]!.title).toBe('Left behind')
})

test('two pages send what waits for both, each change once', async () => {
  const { page, api, add, context, url } = await openApp({ url: system.url, path: '/inbox' })
  const sent: string[] = []
  let isAway = true
  await context.route('**/api/tasks', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    if (isAway) return route.abort()
    sent.push((await route.request().headerValue('idempotency-key')) ?? '')
    return route.fallback()
  })
  const other = await context.newPage()
  await other.goto(`${url}/inbox`)
  await add('One')
  await other.fill('main [data-quick-add]', 'Two')
  await other.press('main [data-quick-add]', 'Enter')
  await add('Three')
  for (const each of [page, other]) await each.getByText(/3 changes wait/).waitFor()
  isAway = false
  await Promise.all(
    [page, other].map((each) => each.evaluate(() => window.dispatchEvent(new Event('online')))),
  )
  await until(async () => (await api<List>('GET', '/api/tasks')).total === 3)
  await page.locator('[data-banner]').waitFor({ state: 'detached' })
  expect(sent).toHaveLength(3)
  expect(new Set(sent).size).toBe(3)
})
