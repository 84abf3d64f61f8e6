/** Every view in both themes: nothing that axe-core finds, at the widths of a phone and of a desk. SCREENSHOTS keeps pictures. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openApp, openWindow, settled, useBrowser, type App } from './browser.ts'

useBrowser()

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const screenshots = process.env['SCREENSHOTS']
const widths = [320, 820, 1360]

type Result = { id: string; nodes: { html: string; failureSummary: string }[] }

async function violations(page: Page): Promise<string[]> {
  // Through the protocol of the browser: the page's own policy lets no such script in.
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: Result[] }> }
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    return (await axe.run({ runOnly: tags })).violations
  })
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  )
}

/** Both themes on one load: the page follows the system. Narrow and wide for axe, the width between for its overflow. */
async function check(page: Page, name: string): Promise<void> {
  const found: string[] = []
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, theme)
    await settled(page)
    for (const width of widths) {
      await page.setViewportSize({ width, height: 860 })
      const marked = (each: string) => `${theme} ${width}: ${each}`
      if (width !== 820) found.push(...(await violations(page)).map(marked))
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      if (overflow > 0) found.push(marked(`the page is ${overflow} px wider than the window`))
      if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${theme}-${width}.png`) })
    }
  }
  expect(found, name).toEqual([])
}

/** Something of everything that a view can show. */
async function furnish({ api }: App): Promise<string> {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const tags = ['home', 'work']
  await api('POST', '/api/tasks', { title: 'Late and important', due_date: day(-2), priority: 1, tags })
  await api('POST', '/api/tasks', { title: 'Today at half past eleven', due_date: `${day(0)}T23:30:00` })
  await api('POST', '/api/tasks', { title: 'Tomorrow', due_date: day(1), description: 'With notes' })
  await api('POST', '/api/tasks', { title: 'Whenever' })
  const done = await api<{ id: string }>('POST', '/api/tasks', { title: 'Ready' })
  await api('POST', `/api/tasks/${done.id}/complete`, {})
  await api('POST', '/api/recurring-tasks', {
    title: 'Water the plants',
    recurrence_rule: 'FREQ=DAILY;INTERVAL=2',
    start_date: day(1),
  })
  const due = `${new Date(Date.now() + 500).toISOString().slice(0, 19)}Z`
  return (await api<{ id: string }>('POST', '/api/tasks', { title: 'Tea', due_date: due })).id
}

/** Each view with something that it shows once it has loaded. */
const views = {
  '': 'Late and important',
  inbox: 'Whenever',
  upcoming: 'Water the plants',
  recurring: 'Water the plants',
  tags: '#home',
  done: 'Ready',
  'search?q=tea': 'Tea',
  notifications: 'Tea',
  settings: 'Delete everything',
  more: 'Settings',
  docs: '/api/tasks',
}

test('every view', async () => {
  const app = await openApp()
  const { page, url } = app
  const task = await furnish(app)
  for (const [view, text] of Object.entries(views)) {
    await page.goto(`${url}/${view}`)
    await page.locator('main').getByText(text).first().waitFor()
    await check(page, view.split('?')[0] || 'today')
  }
  await page.goto(`${url}/?task=${task}`)
  await page.getByRole('region', { name: 'Deliveries' }).getByText('Email').waitFor()
  await page.getByRole('region', { name: 'History' }).getByRole('listitem').first().waitFor()
  await check(page, 'panel')
})

test('what lies over the page', async () => {
  const { page, url, api } = await openApp()
  await api('POST', '/api/recurring-tasks', { title: 'Pay the rent', recurrence_type: 'monthly' })
  await page.goto(`${url}/recurring`)
  for (const [name, open, part] of [
    ['quick-add', () => page.keyboard.press('q'), 'input'],
    ['palette', () => page.keyboard.press('Control+k'), '[role=option]'],
    ['shortcuts', () => page.keyboard.press('?'), 'kbd'],
    ['repeat', () => page.getByRole('button', { name: 'Edit' }).click(), 'ol li'],
  ] as const) {
    await page.getByRole('heading', { name: 'Pay the rent' }).waitFor()
    await open()
    await page.getByRole('dialog').locator(part).first().waitFor()
    await check(page, name)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
})

test('the entrance, with what is wrong beside its field', async () => {
  const { url } = await openApp()
  const page = await (await openWindow()).newPage()
  for (const [path, name] of [
    ['sign-in', 'Sign in'],
    ['sign-up', 'Create an account'],
  ] as const) {
    await page.goto(`${url}/${path}`)
    await page.getByRole('button', { name }).click()
    await page.getByText('Give a mail address').waitFor()
    await check(page, path)
  }
})
