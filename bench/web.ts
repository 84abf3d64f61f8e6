/** The web app in a real browser, with 1,000 tasks in Today: what it loads, how it opens, scrolls and answers, and follows. */
import { readFileSync, statSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { startWebSystem } from '../test/web/system.ts'
import { buildWeb } from '../web/export/build.ts'
import { print, quantile } from './report.ts'

const tasks = 1_000
const changes = 20
const steps = 120
const name = 'web'

export async function web(): Promise<void> {
  await buildWeb()
  print({
    name,
    what: 'first load, compressed scripts',
    value: scriptsOf('index'),
    unit: 'kB',
    goal: 150,
    better: 'lower',
  })
  const system = await startWebSystem()
  const args = ['--no-sandbox', '--no-zygote', '--use-gl=angle', '--use-angle=swiftshader']
  const executablePath = process.env['CHROME_PATH'] || (await sparticuz.executablePath())
  const browser = await chromium.launch({ executablePath, args })
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
    context.setDefaultTimeout(60_000)
    const create = await signUp(context, system.url)
    const due_date = new Date().toISOString().slice(0, 10)
    for (let made = 0; made < tasks; made += 20) {
      const some = Array.from({ length: 20 }, (_, index) => `Task ${made + index} of a long day`)
      await Promise.all(some.map((title) => create(title, due_date)))
    }
    await atRest()
    const page = await context.newPage()
    await page.addInitScript(observe)
    const ms = (what: string, value: number, goal: number) =>
      print({ name, what, value, unit: 'ms', goal, better: 'lower' })
    ms(`Today with ${tasks} tasks, from the last data to the paint`, await opening(page, system.url), 300)
    const cpu = await cpuOf(context, page)
    const frames = await scrolling(page)
    ms('the longest frame of scrolling (0: none over 50)', longest(frames, 'duration'), 50)
    ms('the most that a frame kept the page from answering', longest(frames, 'blockingDuration'), 50)
    ms(`processor time of a step of scrolling, mean of ${steps}`, (await cpu()) / steps, 50)
    ms(
      'the slowest of 20 interactions, to the next paint',
      longest(await interactions(page), 'duration'),
      100,
    )
    ms('processor time of an interaction, mean of 20', (await cpu()) / 20, 100)
    const seen = await following(page, system.url, create)
    ms(`a change made elsewhere until the page shows it, p90 of ${changes}`, quantile(seen, 0.9), 2_000)
    process.stdout.write(`${name.padEnd(8)} (load of the machine: ${loadavg()[0]!.toFixed(1)})\n`)
  } finally {
    await browser.close()
    await system.remove()
  }
}

/** The scripts of a page as they are sent, in kB. */
function scriptsOf(page: string): number {
  const dist = join(import.meta.dirname, '../web/dist')
  const html = readFileSync(join(dist, `${page}.html`), 'utf8')
  const tags = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)]
  const paths = new Set(tags.filter(([tag]) => !/nomodule/i.test(tag)).map(([, path]) => path!))
  return [...paths].reduce((sum, path) => sum + statSync(join(dist, `${path}.br`)).size, 0) / 1_000
}

type Create = (title: string, due_date?: string) => Promise<void>

async function signUp(context: BrowserContext, url: string): Promise<Create> {
  const data = { name: 'Ada', email: 'ada@example.org', password: 'a long password' }
  await context.request.post(`${url}/api/auth/sign-up/email`, { headers: { origin: url }, data })
  const { token } = (await (await context.request.get(`${url}/api/auth/token`)).json()) as { token: string }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return async (title, due_date) => {
    const body = JSON.stringify({ title, due_date, tags: ['bench'] })
    const reply = await fetch(`${url}/api/tasks`, { method: 'POST', headers, body })
    if (!reply.ok) throw new Error(`A task is refused: ${reply.status} ${await reply.text()}`)
  }
}

/**
 * Waits for a second in which the processors are nine tenths idle, at most a minute. For some seconds after the tasks are made,
 * the functions that handle their events, notifications and mails would take the processors from the browser.
 */
async function atRest(): Promise<void> {
  const idle = () => cpus().reduce((sum, { times }) => sum + times.idle, 0)
  for (let seconds = 0; seconds < 60; seconds++) {
    const before = idle()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    if (idle() - before > 900 * cpus().length) return
  }
}

/** `blockingDuration` is that of frames: how long they kept the page's thread beyond 50 ms. */
type Entry = { startTime: number; duration: number; blockingDuration?: number }
type Observed = { frames: Entry[]; events: Entry[] }

/** In the page: frames and events that took longer than 16 ms, by the browser's own clocks. */
function observe(): void {
  const observed: Observed = { frames: [], events: [] }
  Object.assign(globalThis, { observed })
  const note = (list: Observed['frames']) => (entries: PerformanceObserverEntryList) =>
    void list.push(...entries.getEntries().map((entry) => entry.toJSON() as Entry))
  new PerformanceObserver(note(observed.frames)).observe({ type: 'long-animation-frame' })
  const options = { type: 'event', durationThreshold: 16 }
  new PerformanceObserver(note(observed.events)).observe(options)
}

/** Those that began since `startTime`. The browser tells them some time after they were. */
async function observedSince(page: Page, kind: keyof Observed, startTime: number): Promise<Entry[]> {
  await page.waitForTimeout(500)
  const { [kind]: entries } = await page.evaluate(
    () => (globalThis as unknown as { observed: Observed }).observed,
  )
  return entries.filter((entry) => entry.startTime >= startTime)
}

const longest = (entries: Entry[], kind: 'duration' | 'blockingDuration') =>
  Math.max(0, ...entries.map((entry) => entry[kind] ?? 0))

const nowIn = (page: Page) => page.evaluate(() => performance.now())

async function opening(page: Page, url: string): Promise<number> {
  await page.goto(url)
  return page.evaluate(async (wanted) => {
    const frame = () => new Promise(requestAnimationFrame)
    while (document.querySelectorAll('main [data-row]').length < wanted) await frame()
    const shown = performance.now()
    const lists = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    const ends = lists.filter((entry) => /\/api\/tasks\?/.test(entry.name)).map((entry) => entry.responseEnd)
    return shown - Math.max(...ends)
  }, tasks)
}

/** Answers the processor time in ms that the page's thread has used since the last call. A loaded machine hardly changes it. */
async function cpuOf(context: BrowserContext, page: Page): Promise<() => Promise<number>> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  let before = 0
  const used = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const now = 1_000 * metrics.find((metric) => metric.name === 'TaskDuration')!.value
    const since = now - before
    before = now
    return since
  }
  await used()
  return used
}

/** Does it and waits for the frame that shows it, as a person would. */
async function shown(page: Page, act: () => Promise<void>): Promise<void> {
  await act()
  await page.evaluate(() => new Promise(requestAnimationFrame))
}

/** Down and up again by the wheel; 50 ms is what the browser calls long. */
async function scrolling(page: Page): Promise<Entry[]> {
  const since = await nowIn(page)
  await page.mouse.move(700, 500)
  for (let step = 0; step < steps; step++) {
    await shown(page, () => page.mouse.wheel(0, step < steps / 2 ? 700 : -700))
  }
  return observedSince(page, 'frames', since)
}

async function interactions(page: Page): Promise<Entry[]> {
  const since = await nowIn(page)
  for (let round = 0; round < 4; round++) {
    for (const key of ['j', 'x', 'x', 'Enter']) await shown(page, () => page.keyboard.press(key))
    await page.locator('aside [data-field=title]').waitFor()
    await shown(page, () => page.keyboard.press('Escape'))
  }
  const boxes = page.locator('main [data-row] input')
  for (let round = 0; round < 4; round++) await shown(page, () => boxes.nth(round).click())
  return observedSince(page, 'events', since)
}

async function following(page: Page, url: string, create: Create): Promise<number[]> {
  await page.goto(`${url}/inbox`)
  await page.getByText('Nothing to sort').waitFor()
  const times: number[] = []
  for (let change = 0; change < changes; change++) {
    const title = `Change ${change}, elsewhere`
    const startedAt = performance.now()
    await create(title)
    await page.getByRole('link', { name: title }).waitFor()
    times.push(performance.now() - startedAt)
    await new Promise((resolve) => setTimeout(resolve, (change * 97) % 400))
  }
  return times
}
