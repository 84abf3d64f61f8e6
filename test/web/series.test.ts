/** Repeats: what the editor offers, what it previews, and what becomes of a series. */
import { describe, expect, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { openApp, useBrowser } from './browser.ts'

useBrowser()

type Task = { id: string; title: string; status: string; occurrence: string; recurring_task_id: string }
type Series = {
  id: string
  title: string
  recurrence_rule: string
  start_date: string
  continues_id: string | null
}
type List<T> = { items: T[]; total: number }

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('the presets follow from the date, and each previews five dates with reasons', async () => {
  const { page, url, api } = await openApp()
  const { id } = await api<Task>('POST', '/api/tasks', { title: 'Pay the rent', due_date: '2031-01-31' })
  await page.goto(`${url}/upcoming?task=${id}`)
  await page.getByRole('button', { name: 'Repeat …' }).click()
  const rule = page.getByLabel('Repeats')
  const names = await rule.locator('option').allInnerTexts()
  expect(names).toEqual([
    'Every day',
    'Every weekday (Monday to Friday)',
    'Weekly on Friday',
    'Every 2 weeks on Friday',
    'Monthly on the 31st (last day in shorter months)',
    'Monthly on the last day',
    'Monthly on the last Friday',
    'Yearly on 31 January',
    'Own interval …',
    'As an iCalendar rule …',
  ])
  const preview = page.getByRole('region', { name: 'Next dates' })
  const first: Record<string, string> = {
    'Every day': '1 February 2031',
    'Weekly on Friday': '7 February 2031',
    'Every 2 weeks on Friday': '14 February 2031',
    'Monthly on the 31st (last day in shorter months)': '28 February 2031',
    'Monthly on the last Friday': '28 February 2031',
    'Yearly on 31 January': '31 January 2032',
  }
  for (const [name, second] of Object.entries(first)) {
    await rule.selectOption({ label: name })
    await expect.poll(() => preview.getByRole('listitem').nth(1).innerText()).toContain(second)
    expect(await preview.getByRole('listitem').count()).toBe(5)
  }
  await rule.selectOption({ label: 'Monthly on the 31st (last day in shorter months)' })
  await preview
    .getByText(/no 31st/)
    .first()
    .waitFor()
  await page.getByLabel('Ends').selectOption('count')
  await page.getByLabel('After a number of times').last().fill('3')
  await expect.poll(() => preview.getByRole('listitem').count()).toBe(3)
  await page.getByRole('button', { name: 'Save' }).click()
  await until(async () => (await api<List<Series>>('GET', '/api/recurring-tasks')).total === 1)
  const [series] = (await api<List<Series>>('GET', '/api/recurring-tasks')).items
  expect(series).toMatchObject({ title: 'Pay the rent', start_date: '2031-01-31' })
  expect(series!.recurrence_rule).toContain('COUNT=3')
  await until(async () => (await api<List<Task>>('GET', '/api/tasks')).total === 1)
})

test('the days of a repeat can be typed, and one that is not finished is not saved', async () => {
  const { page, url, api } = await openApp()
  const { id } = await api<Task>('POST', '/api/tasks', { title: 'Pay the rent', due_date: '2031-01-31' })
  await page.goto(`${url}/upcoming?task=${id}`)
  await page.getByRole('button', { name: 'Repeat …' }).click()
  const editor = page.getByRole('dialog', { name: 'Repeat' })
  await editor.getByLabel('Repeats').selectOption({ label: 'Every day' })
  const first = editor.getByLabel('Day', { exact: true })
  await first.focus()
  await page.keyboard.type('05052032')
  expect(await first.inputValue()).toBe('2032-05-05')
  await editor.getByLabel('Ends').selectOption('until')
  const last = editor.getByLabel('On a day').last()
  await last.focus()
  await page.keyboard.press('Backspace')
  expect(await last.inputValue()).toBe('')
  await page.keyboard.press('Enter')
  await page.keyboard.type('06062032')
  expect(await last.inputValue()).toBe('2032-06-06')
  await page.keyboard.press('Enter')
  await until(async () => (await api<List<Series>>('GET', '/api/recurring-tasks')).total === 1)
  const [series] = (await api<List<Series>>('GET', '/api/recurring-tasks')).items
  expect(series).toMatchObject({ start_date: '2032-05-05', end_date: '2032-06-06' })
})

describe('a task that is to repeat', () => {
  /** Opens it on a day on which its repeat does not begin, so that the server refuses the repeat. */
  async function openWrong() {
    const app = await openApp()
    const { id } = await app.api<Task>('POST', '/api/tasks', { title: 'Report', due_date: '2031-02-01' })
    await app.page.goto(`${app.url}/upcoming?task=${id}`)
    await app.page.getByRole('button', { name: 'Repeat …' }).click()
    await app.page.getByLabel('Repeats').selectOption({ label: 'Every weekday (Monday to Friday)' })
    return { ...app, id }
  }

  test('stays as it is when the repeat is refused, which is said beside it', async () => {
    const { page, api, id } = await openWrong()
    await page.getByRole('button', { name: 'Save' }).click()
    const why = page.getByRole('dialog', { name: 'Repeat' }).getByText(/does not produce/)
    await why.waitFor()
    expect(await why.count()).toBe(1)
    await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Next dates')
    expect((await api<Task>('GET', `/api/tasks/${id}`)).status).toBe('open')
    await page.getByLabel('Day', { exact: true }).last().fill('2031-02-03')
    await page.getByRole('button', { name: 'Save' }).click()
    await until(async () => (await api<List<Series>>('GET', '/api/recurring-tasks')).total === 1)
    // The panel shows what has taken its place.
    await page.getByRole('button', { name: 'Skip this time' }).waitFor()
    await until(async () => (await api<List<Task>>('GET', '/api/tasks')).items[0]?.id !== id)
    expect(await page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('Report')
  })

  test('stays as it is when the editor is left before the server has answered about the repeat', async () => {
    const { page, context, url, api, row } = await openApp()
    const [task, other] = await Promise.all(
      ['Report', 'Letter'].map((title) => api<Task>('POST', '/api/tasks', { title, due_date: '2031-02-03' })),
    )
    await page.goto(`${url}/upcoming?task=${task!.id}`)
    const late = Promise.withResolvers<void>()
    await context.route(/recurring-tasks\/preview/, (route) => late.promise.then(() => route.fallback()))
    // The editor asks by itself, a moment after it has opened.
    const asked = page.waitForRequest(/recurring-tasks\/preview/)
    await page.getByRole('button', { name: 'Repeat …' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await asked
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Repeat' }).waitFor({ state: 'detached' })
    await row('Letter').getByRole('link').click()
    await page.waitForURL(new RegExp(other!.id))
    late.resolve()
    // Long enough for what is answered to be saved.
    await page.waitForTimeout(1_000)
    expect(await page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('Letter')
    expect((await api<List<Series>>('GET', '/api/recurring-tasks')).total).toBe(0)
    expect((await api<Task>('GET', `/api/tasks/${task!.id}`)).status).toBe('open')
  })

  test('comes back when the repeat was chosen without a network and is refused later', async () => {
    const { page, context, api, row, id } = await openWrong()
    await context.route(/recurring-tasks/, (route) => route.abort())
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/2 changes wait/).waitFor()
    await context.unroute(/recurring-tasks/)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('“Report” could not be saved').waitFor()
    await row('Report').waitFor()
    expect((await api<Task>('GET', `/api/tasks/${id}`)).status).toBe('open')
    await page.getByText('There is no such task, or it was deleted.').waitFor()
  })
})

describe('a series', () => {
  test('says the next date when one is done, and takes both back together', async () => {
    const { page, add, row, api } = await openApp()
    await add('Water the plants every 2 days')
    await row('Water the plants').waitFor()
    await page.getByRole('checkbox', { name: 'Complete: Water the plants' }).click()
    await row('Water the plants')
      .getByText(/Done\. Next:/)
      .waitFor()
    await row('Water the plants').getByRole('button', { name: /Undo/ }).click()
    await until(async () => {
      const { items } = await api<List<Task>>('GET', '/api/tasks')
      return items.length === 1 && items[0]!.status === 'open'
    })
  })

  test('may be done in the moment in which the server has made it', async () => {
    const { page, add, row } = await openApp()
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    // The series is answered, and what the page reads next, its first task, is on its way.
    await page.route(/\/api\/tasks\/[-0-9a-f]{36}$/, async (route) => {
      await released
      await route.continue()
    })
    const made = page.waitForRequest(/\/api\/tasks\/[-0-9a-f]{36}$/)
    await add('Feed the fish every 2 days')
    await made
    await page.getByRole('checkbox', { name: 'Complete: Feed the fish' }).click()
    release()
    await row('Feed the fish')
      .getByText(/Done\. Next:/)
      .waitFor()
  })

  test('is skipped once, and goes on', async () => {
    const { page, url, api } = await openApp()
    await api('POST', '/api/recurring-tasks', {
      title: 'Stretch',
      recurrence_type: 'daily',
      start_date: day(0),
    })
    const [task] = (await api<List<Task>>('GET', '/api/tasks')).items
    await page.goto(`${url}/?task=${task!.id}`)
    await page.getByRole('button', { name: 'Skip this time' }).click()
    await until(async () => (await api<Task>('GET', `/api/tasks/${task!.id}`)).status === 'skipped')
    const { items } = await api<List<Task>>('GET', '/api/tasks?status=open')
    expect(items.map(({ occurrence }) => occurrence)).toEqual([day(1)])
  })

  test('is changed from one occurrence on: the old one ends, a new one begins', async () => {
    const { page, url, api } = await openApp()
    await api('POST', '/api/recurring-tasks', {
      title: 'Review',
      recurrence_type: 'weekly',
      start_date: day(1),
    })
    const [first] = (await api<List<Task>>('GET', '/api/tasks')).items
    await api('POST', `/api/tasks/${first!.id}/complete`, {})
    const [task] = (await api<List<Task>>('GET', '/api/tasks?status=open')).items
    await page.goto(`${url}/upcoming?task=${task!.id}`)
    await page.getByRole('button', { name: 'Change …' }).click()
    await page.getByLabel('Repeats').selectOption({ label: 'Every day' })
    await page.getByRole('radio', { name: /This and all that follow/ }).check()
    // The dates are those of the new series.
    const dates = page.getByRole('region', { name: 'Next dates' }).getByRole('listitem')
    await expect.poll(() => dates.nth(1).innerText()).toMatch(new RegExp(`\\b${Number(day(9).slice(8))} `))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('A new series begins here').waitFor()
    const { items } = await api<List<Series>>('GET', '/api/recurring-tasks')
    const next = items.find(({ continues_id }) => continues_id !== null)
    expect(next).toMatchObject({ recurrence_rule: 'FREQ=DAILY', continues_id: task!.recurring_task_id })
  })

  test('whose start and end are instants is changed at its own time, up to its own last day', async () => {
    const { page, url, api } = await openApp({ zone: 'Asia/Kolkata' })
    const { id, open_task_id } = await api<Series & { open_task_id: string }>(
      'POST',
      '/api/recurring-tasks',
      {
        title: 'Stand-up',
        recurrence_type: 'weekly',
        start_date: '2030-01-15T17:00:00Z',
        end_date: '2030-12-31T23:59:59Z',
      },
    )
    await page.goto(`${url}/upcoming?task=${open_task_id}`)
    await page.getByRole('button', { name: 'Change …' }).click()
    await page.getByText('On the clock of UTC.').waitFor()
    await page.getByRole('radio', { name: 'The whole series' }).check()
    await page.getByLabel('Repeats').selectOption({ label: 'Every day' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Repeat' }).waitFor({ state: 'detached' })
    expect(await api('GET', `/api/recurring-tasks/${id}`)).toMatchObject({
      recurrence_rule: 'FREQ=DAILY;UNTIL=20301231',
      start_date: '2030-01-15T17:00:00[UTC]',
      end_date: '2030-12-31',
      next_due_at: '2030-01-16T17:00:00Z',
    })
  })

  test('shows its dates, planned ones dashed in Upcoming, and stops', async () => {
    const { page, url, api } = await openApp()
    await api('POST', '/api/recurring-tasks', { title: 'Run', recurrence_type: 'daily', start_date: day(1) })
    await page.goto(`${url}/upcoming`)
    await page.getByRole('list', { name: 'planned' }).first().getByRole('link', { name: 'Run' }).waitFor()
    await page.getByRole('list', { name: 'planned' }).first().getByRole('link', { name: 'Run' }).click()
    const card = page.getByRole('article', { name: 'Run' })
    await card.getByText('Planned').first().waitFor()
    await card.getByRole('button', { name: 'Stop repeating' }).click()
    await card.getByText('Stopped').waitFor()
  })
})

test('in German: a line is read, said and previewed in the language of its writer', async () => {
  const { page, url, add, api } = await openApp({ path: '/inbox', locale: 'de-DE' })
  await page.getByRole('heading', { name: 'Eingang', level: 1 }).waitFor()
  const line = 'Miete zahlen jeden letzten Werktag 9 Uhr !hoch #zuhause'
  await page.fill('main [data-quick-add]', line)
  const chips = page.getByRole('list', { name: 'Verstanden' }).getByRole('button')
  await expect
    .poll(() => chips.allInnerTexts())
    .toEqual(['Jeden Monat am letzten Werktag', '9:00', 'Hoch', '#zuhause'])
  await add(line)
  await until(async () => (await api<List<Series>>('GET', '/api/recurring-tasks')).total === 1)
  await page.goto(`${url}/recurring`)
  await page.getByText('Jeden Monat am letzten Werktag').waitFor()
  await page.getByRole('button', { name: 'Bearbeiten' }).click()
  await page.getByRole('heading', { name: /^Jeden Monat am letzten Werktag/ }).waitFor()
})
