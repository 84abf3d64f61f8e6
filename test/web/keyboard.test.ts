/** Everything without a mouse. */
import { expect, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { openApp, useBrowser } from './browser.ts'

useBrowser()

type List = { items: { title: string; status: string; priority: number }[]; total: number }

test('adding, moving, doing, undoing, opening, going: by keys alone', async () => {
  const { page, api } = await openApp({ path: '/inbox' })
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await page.keyboard.press('q')
  await page.getByRole('dialog').waitFor()
  for (const title of ['One', 'Two', 'Three']) {
    await page.keyboard.type(title)
    await page.keyboard.press('Enter')
  }
  await page.getByText('3 tasks added.').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('main [data-row]').nth(2).waitFor()
  await until(async () => (await api<List>('GET', '/api/tasks')).total === 3)
  // A task that the server has not answered yet has an id of this browser.
  await page.locator('main [data-row^=local-]').first().waitFor({ state: 'detached' })
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('j')
  expect(await focused()).toBe('One')
  await page.keyboard.press('j')
  expect(await focused()).toBe('Two')
  await page.keyboard.press('e')
  expect(await focused()).toBe('Three')
  await until(async () => (await api<List>('GET', '/api/tasks?status=done')).total === 1)
  await page.keyboard.press('z')
  await until(async () => (await api<List>('GET', '/api/tasks?status=done')).total === 0)
  await page.keyboard.press('k')
  expect(await focused()).toBe('Two')
  await page.keyboard.press('p')
  await expect
    .poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement).type))
    .toBe('radio')
  await page.keyboard.press('ArrowLeft')
  await until(async () => (await api<List>('GET', '/api/tasks?priority=1')).items[0]?.title === 'Two')
  await page.keyboard.press('Escape')
  await expect.poll(focused).toBe('Two')
  await page.keyboard.press('Control+a')
  await page.getByText('3 selected').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Delete')
  await until(async () => (await api<List>('GET', '/api/tasks')).total === 2)
  await page.keyboard.press('g')
  await page.keyboard.press('u')
  await page.getByRole('heading', { name: 'Upcoming', level: 1 }).waitFor()
})

test('a row keeps the focus when the server gives its task an id', async () => {
  const { page, context, add, row } = await openApp({ path: '/upcoming' })
  let answer = () => {}
  const asked = new Promise<void>((resolve) => (answer = resolve))
  await context.route(/\/api\/(tasks|recurring-tasks)$/, async (route) => {
    if (route.request().method() === 'POST') await asked
    await route.fallback()
  })
  await add('Once tomorrow')
  await add('Often every day starting tomorrow')
  for (const title of ['Once', 'Often']) {
    await row(title).getByRole('link').focus()
    await row(title)
      .getByRole('link')
      .evaluate((link) => (link.dataset['seen'] = 'before'))
  }
  answer()
  await page.locator('main [data-row^=local-]').first().waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Often')
  for (const title of ['Once', 'Often'])
    expect(await row(title).getByRole('link').getAttribute('data-seen')).toBe('before')
})

test('a panel that is seen has the focus, and gives it back when it closes: no key of the list becomes text', async () => {
  const { page, add, row } = await openApp({ path: '/inbox' })
  await add('One')
  await page.locator('main [data-row^=local-]').first().waitFor({ state: 'detached' })
  await page.evaluate(() => {
    const focusedFirst = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        const title = document.querySelector('aside [data-field=title]')
        if (title) resolve(document.activeElement === title)
      })
      observer.observe(document.body, { childList: true, subtree: true })
    })
    Object.assign(globalThis, { focusedFirst })
  })
  await row('One').getByRole('link').press('Enter')
  expect(
    await page.evaluate(() => (globalThis as unknown as { focusedFirst: Promise<boolean> }).focusedFirst),
  ).toBe(true)
  const inPanel = () => page.evaluate(() => document.activeElement?.closest('aside') !== null)
  const closed = (place: string) =>
    page.evaluate((selector) => {
      const key = { key: 'Escape', bubbles: true, cancelable: true }
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', key))
      return document.activeElement!.matches(selector)
    }, place)
  expect(await inPanel()).toBe(true)
  expect(await closed('main [data-row] a')).toBe(true)
  const task = await row('One').getAttribute('data-row')
  await page.goto(new URL(`/upcoming?task=${task}`, page.url()).href)
  await page.locator('aside [data-field=title]').waitFor()
  // Panel and view are loaded each for itself: the heading may come second.
  await page.locator('main h1').waitFor()
  expect(await inPanel()).toBe(true)
  expect(await closed('main h1')).toBe(true)
})

test('keys that are pressed while a panel is loaded are keys of the panel, not of what was there before', async () => {
  const { page, context, add } = await openApp({ path: '/inbox', serviceWorkers: 'block' })
  await add('Buy a lamp')
  await page.locator('main [data-row^=local-]').first().waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).waitFor()
  const loaded = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  await context.route('**/*.js', async (route) => {
    asked.resolve()
    await loaded.promise
    await route.continue()
  })
  await page.keyboard.type('lamp')
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'Task' }).waitFor()
  await asked.promise
  await page.keyboard.press('Escape')
  await page.getByRole('complementary', { name: 'Task' }).waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.matches('main [data-row] a'))).toBe(true)
  loaded.resolve()
})

test('arrow keys scroll a view that has no rows', async () => {
  const { page } = await openApp({ path: '/settings', viewport: { width: 800, height: 400 } })
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0)
})

test('the palette finds places and tasks; the table shows the keys, and single keys can be switched off', async () => {
  const { page, add } = await openApp()
  await add('Buy a lamp today')
  await page.getByRole('link', { name: 'Buy a lamp' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).waitFor()
  await page.keyboard.type('lamp')
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'Task' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByText('Command palette').waitFor()
  await page.getByRole('checkbox', { name: 'Shortcuts of a single letter' }).uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('q')
  await page.keyboard.press('Control+k')
  expect(await page.getByRole('dialog').count()).toBe(1)
  await page.getByRole('combobox', { name: 'Command palette' }).waitFor()
})
