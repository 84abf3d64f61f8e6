/** What a person does all day: adding, doing, changing, finding; and a reminder that arrives. */
import { describe, expect, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { openApp, useBrowser } from './browser.ts'

useBrowser()

type Task = {
  id: string
  title: string
  description: string | null
  tags: string[]
  due_date: string | null
  priority: number
  status: string
}
type List = { items: Task[]; total: number }

describe('quick add', () => {
  test('shows what it understood, gives words back, and adds exactly that', async () => {
    const { page, add, api } = await openApp({ path: '/inbox' })
    const field = page.locator('main [data-quick-add]')
    await field.pressSequentially('Read Tales of tomorrow tomorrow !high #books')
    const chips = page.getByRole('list', { name: 'Understood' }).getByRole('button')
    await expect.poll(() => chips.allInnerTexts()).toEqual(['Tomorrow', 'High', '#books'])
    await chips.first().click()
    await expect.poll(() => chips.allInnerTexts()).toEqual(['Tomorrow', 'High', '#books'])
    await field.press('End')
    await field.press('Backspace')
    await expect.poll(() => chips.allInnerTexts()).toEqual(['Tomorrow', 'High'])
    await field.press('Enter')
    await expect.poll(() => field.inputValue()).toBe('')
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
    await add('"Every Monday" is a song')
    await until(async () => (await api<List>('GET', '/api/tasks')).total === 2)
    const { items } = await api<List>('GET', '/api/tasks?sort=created_at')
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    expect(items).toMatchObject([
      { title: 'Read Tales of tomorrow #books', due_date: tomorrow, priority: 1, tags: [] },
      { title: 'Every Monday is a song', due_date: null },
    ])
  })

  test('without a title it says so and keeps what was typed', async () => {
    const { page } = await openApp()
    await page.fill('main [data-quick-add]', 'tomorrow #home')
    await page.press('main [data-quick-add]', 'Enter')
    await page.getByText('Give the task a title as well.').waitFor()
    expect(await page.inputValue('main [data-quick-add]')).toBe('tomorrow #home')
  })

  test('keeps what was typed when the app cannot load what reads it, until it can', async () => {
    const { page, context, api } = await openApp({ path: '/inbox', serviceWorkers: 'block' })
    // Scripts that are loaded with the page have been; those for the line come with its focus.
    await context.route('**/*.js', (route) => route.abort())
    const field = page.locator('main [data-quick-add]')
    await field.fill('Not lost tomorrow')
    await field.press('Enter')
    await page.getByText('What reads the line could not be loaded.').waitFor()
    expect(await field.inputValue()).toBe('Not lost tomorrow')
    await context.unroute('**/*.js')
    await field.press('Enter')
    await until(async () => (await api<List>('GET', '/api/tasks')).items[0]?.title === 'Not lost')
  })
})

test('a dialog stays, with what was typed, when a selection of text ends beside it; a click there closes it', async () => {
  const { page } = await openApp()
  await page.keyboard.press('q')
  const dialog = page.getByRole('dialog', { name: 'Add a task' })
  const field = dialog.locator('[data-quick-add]')
  await field.fill('Call Mum')
  const { x, y, width, height } = (await field.boundingBox())!
  await page.mouse.move(x + width / 2, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(5, y + height / 2, { steps: 5 })
  await page.mouse.up()
  expect(await field.inputValue()).toBe('Call Mum')
  await page.mouse.click(5, 5)
  await dialog.waitFor({ state: 'detached' })
})

describe('a task', () => {
  test('has one row, also while its events are told before the answer to its creation', async () => {
    const { page, context, add, row } = await openApp()
    const release = Promise.withResolvers<void>()
    await context.route('**/api/tasks', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback()
      const response = await route.fetch()
      await release.promise
      return route.fulfill({ response })
    })
    const told = page.waitForResponse(
      async (response) =>
        response.url().includes('/api/events') &&
        response.status() === 200 &&
        (await response.text()).includes('Water the plants'),
    )
    await add('Water the plants')
    await told
    // Long enough for the page to read the task and to draw it.
    await page.waitForTimeout(1_000)
    expect(await row('Water the plants').count()).toBe(1)
    release.resolve()
    await page.locator('main [data-row^=local-]').waitFor({ state: 'detached' })
    expect(await row('Water the plants').count()).toBe(1)
  })

  test('done keeps its row for a moment with Undo, and is open again after it', async () => {
    const { page, add, row, api } = await openApp()
    await add('Water the plants')
    await page.getByRole('checkbox', { name: 'Complete: Water the plants' }).click()
    await row('Water the plants').getByRole('button', { name: /Undo/ }).click()
    await until(async () => (await api<List>('GET', '/api/tasks')).items[0]?.status === 'open')
    await page.getByRole('checkbox', { name: 'Complete: Water the plants' }).click()
    await row('Water the plants').waitFor({ state: 'detached' })
    expect((await api<List>('GET', '/api/tasks')).items[0]!.status).toBe('done')
    await page.goto(page.url() + 'done')
    await row('Water the plants').waitFor()
  })

  test('opens at its own address, saves itself, and tells its history', async () => {
    const { page, url, api, row } = await openApp()
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'Draft', due_date: '2030-05-01' })
    await page.goto(`${url}/upcoming?task=${id}`)
    await page.getByRole('textbox', { name: 'Title' }).fill('The report')
    await page.getByRole('textbox', { name: 'Notes' }).fill('With figures')
    await page.getByRole('radio', { name: 'High' }).check()
    await page.getByRole('combobox', { name: 'Tags' }).fill('work')
    await page.getByRole('combobox', { name: 'Tags' }).press('Enter')
    await page.getByLabel('Time', { exact: true }).fill('09:30')
    await until(async () => (await api<Task>('GET', `/api/tasks/${id}`)).due_date === '2030-05-01T09:30:00')
    expect(await api<Task>('GET', `/api/tasks/${id}`)).toMatchObject({
      title: 'The report',
      description: 'With figures',
      priority: 1,
      tags: ['work'],
    })
    const history = page.getByRole('region', { name: 'History' })
    await history.getByText('Title: Draft → The report').waitFor()
    await history.getByText(/When: Wednesday,? 1 May 2030 → Wednesday,? 1 May 2030, 0?9:30/).waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await row('The report').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await row('The report').waitFor()
  })

  test('keeps what is too long to be saved in its field, with the rule, until it is short enough', async () => {
    const { page, url, api, row } = await openApp()
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'Draft', description: 'Before' })
    await page.goto(`${url}/inbox?task=${id}`)
    const title = page.getByRole('textbox', { name: 'Title' })
    const notes = page.getByRole('textbox', { name: 'Notes' })
    await title.fill('t'.repeat(501))
    await notes.fill('n'.repeat(10_001))
    await notes.press('Tab')
    await page.getByText('Give a title of 1 to 500 characters.').waitFor()
    await page.getByText('Notes have at most 10,000 characters.').waitFor()
    expect(await title.inputValue()).toHaveLength(501)
    expect(await notes.inputValue()).toHaveLength(10_001)
    const panel = page.getByRole('complementary', { name: 'Task' })
    const isSaid = async () => {
      await panel.getByRole('status').getByText('Not saved', { exact: true }).waitFor()
      expect(await panel.getByRole('alert').count()).toBe(2)
      for (const field of [title, notes]) {
        expect(await field.getAttribute('aria-invalid')).toBe('true')
        const id = await field.getAttribute('aria-describedby')
        expect(await page.locator(`[id="${id}"]`).innerText()).toMatch(/characters/)
      }
    }
    await isSaid()
    // Whoever leaves and comes back finds it as it was.
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await row('Draft').getByRole('link').click()
    await isSaid()
    expect(await title.inputValue()).toHaveLength(501)
    expect(await notes.inputValue()).toHaveLength(10_001)
    await title.press('End')
    await title.press('Backspace')
    await notes.press('ControlOrMeta+End')
    await notes.press('Backspace')
    await notes.blur()
    const saved = async () => api<Task>('GET', `/api/tasks/${id}`)
    await until(async () => (await saved()).description === 'n'.repeat(10_000))
    expect((await saved()).title).toBe('t'.repeat(500))
    await panel.getByRole('status').getByText('Saved', { exact: true }).waitFor()
    // An empty title has nothing to lose.
    await title.fill('')
    await title.blur()
    await expect.poll(() => title.inputValue()).toBe('t'.repeat(500))
  })

  test('is dragged to another day, at its own time, and back by one click', async () => {
    const { page, url, api, row } = await openApp()
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'Dentist', due_date: `${day(1)}T09:30:00` })
    await api('POST', '/api/tasks', { title: 'Shopping', due_date: day(3) })
    await page.goto(`${url}/upcoming`)
    await row('Dentist').getByRole('link').dragTo(row('Shopping'))
    const due = async () => (await api<Task>('GET', `/api/tasks/${id}`)).due_date
    await until(async () => (await due()) === `${day(3)}T09:30:00`)
    await page.getByRole('button', { name: 'Undo' }).click()
    await until(async () => (await due()) === `${day(1)}T09:30:00`)
  })

  test('is moved with others at its own time, unless that has gone by', async () => {
    // Where it is noon now. The names of these zones have the sign that one would not expect.
    const ahead = 12 - new Date().getUTCHours()
    const { page, url, api, row } = await openApp({
      zone: `Etc/GMT${ahead < 0 ? '+' : '-'}${Math.abs(ahead)}`,
    })
    const day = (days: number) =>
      new Date(Date.now() + ahead * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10)
    for (const [title, due_date] of [
      ['Latest', `${day(-1)}T23:59:00`],
      ['Earliest', `${day(-1)}T00:00:00`],
      ['Whenever', day(-1)],
    ])
      await api('POST', '/api/tasks', { title, due_date })
    const dues = async () =>
      (await api<List>('GET', '/api/tasks?sort=created_at')).items.map(({ due_date }) => due_date)
    await page.goto(url)
    await page.getByRole('button', { name: 'Move all to today' }).click()
    await until(async () => (await dues()).join() === [`${day(0)}T23:59:00`, day(0), day(0)].join())
    await row('Latest').getByRole('link').focus()
    await page.keyboard.press('x')
    await page
      .getByRole('toolbar', { name: 'Selected tasks' })
      .getByRole('button', { name: 'Tomorrow' })
      .click()
    await until(async () => (await dues())[0] === `${day(1)}T23:59:00`)
  })

  test('at a time that is fixed to a zone stays so, and keeps its minute, until its owner lets it follow them', async () => {
    const { page, url, api } = await openApp({ zone: 'Asia/Kolkata' })
    // Both zones have the same time all year.
    const { id } = await api<Task>('POST', '/api/tasks', {
      title: 'Call Tokyo',
      due_date: '2030-05-01T17:00:00[Asia/Tokyo]',
    })
    await page.goto(`${url}/upcoming?task=${id}`)
    await page.getByText('Shown in your zone, Asia/Kolkata.').waitFor()
    const [day, time] = [page.getByLabel('Day', { exact: true }), page.getByLabel('Time', { exact: true })]
    expect(await time.inputValue()).toBe('13:30')
    const dueIs = (due: string) =>
      until(async () => (await api<Task>('GET', `/api/tasks/${id}`)).due_date === due)
    await day.fill('2030-05-03')
    await dueIs('2030-05-03T17:00:00[Asia/Tokyo]')
    await time.fill('22:00')
    await dueIs('2030-05-04T01:30:00[Asia/Tokyo]')
    // A series has the clock of its zone.
    await page.getByRole('button', { name: 'Repeat …' }).click()
    const editor = page.getByRole('dialog', { name: 'Repeat' })
    await editor.getByText('On the clock of Asia/Tokyo.').waitFor()
    expect(await editor.getByLabel('Time').inputValue()).toBe('01:30')
    await editor.getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel('Time zone of the time').selectOption('Wherever I am')
    await dueIs('2030-05-03T22:00:00')
  })

  test('has the time that was typed, not those on the way to it, and one step takes it back', async () => {
    const { page, url, api } = await openApp()
    const { id } = await api<Task>('POST', '/api/tasks', {
      title: 'Dentist',
      due_date: '2030-05-01T09:30:00',
    })
    const due = async () => (await api<Task>('GET', `/api/tasks/${id}`)).due_date
    let changes = 0
    page.on('request', (request) => (changes += Number(request.method() === 'PATCH')))
    await page.goto(`${url}/upcoming?task=${id}`)
    const time = page.getByLabel('Time', { exact: true })
    await time.focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('1')
    await page.keyboard.press('7')
    await page.keyboard.press('4')
    await page.keyboard.press('5')
    await page.keyboard.press('Enter')
    await until(async () => (await due()) === '2030-05-01T17:45:00')
    expect(changes).toBe(1)
    await time.blur()
    await page.keyboard.press('z')
    await until(async () => (await due()) === '2030-05-01T09:30:00')
    // Without its hour it is no time yet.
    await time.focus()
    await page.keyboard.press('Backspace')
    await time.blur()
    await expect.poll(() => time.inputValue()).toBe('09:30')
    await time.fill('')
    await time.blur()
    await until(async () => (await due()) === '2030-05-01')
    expect(changes).toBe(3)
    // What is left standing is saved all the same.
    await time.focus()
    await page.keyboard.type('0815a')
    await until(async () => (await due()) === '2030-05-01T08:15:00')
    await page.getByRole('button', { name: 'No time' }).click()
    await until(async () => (await due()) === '2030-05-01')
  })

  test('without a date stays without one when a time is begun and taken away', async () => {
    const { page, url, api } = await openApp()
    const { id } = await api<Task>('POST', '/api/tasks', { title: 'Dentist' })
    await page.goto(`${url}/inbox?task=${id}`)
    const time = page.getByLabel('Time', { exact: true })
    await time.focus()
    await page.keyboard.type('0930a')
    expect(await time.inputValue()).toBe('09:30')
    for (const key of ['Backspace', 'ArrowLeft', 'Backspace', 'ArrowLeft', 'Backspace'])
      await page.keyboard.press(key)
    expect(await time.inputValue()).toBe('')
    await time.blur()
    await page.getByRole('textbox', { name: 'Notes' }).fill('By phone')
    await page.getByRole('textbox', { name: 'Notes' }).blur()
    const saved = async () => api<Task>('GET', `/api/tasks/${id}`)
    await until(async () => (await saved()).description === 'By phone')
    expect((await saved()).due_date).toBeNull()
  })

  test('is found by its words, and by its tag', async () => {
    const { page, url, api, row } = await openApp()
    await api('POST', '/api/tasks', { title: 'Buy a lamp', tags: ['home'] })
    await api('POST', '/api/tasks', { title: 'Sell the sofa', tags: ['home'] })
    await page.goto(`${url}/search`)
    await page.getByRole('searchbox').fill('lamp')
    await row('Buy a lamp').waitFor()
    expect(await row('Sell the sofa').count()).toBe(0)
    await page.getByRole('searchbox').fill('no such words')
    await page.getByText('Nothing has “no such words”').waitFor()
    await page.goto(`${url}/tags?tag=home`)
    await row('Sell the sofa').waitFor()
  })

  test('is found by the latest words alone: late answers change nothing, and without a server by its title', async () => {
    const { page, context, url, api, row } = await openApp()
    await api('POST', '/api/tasks', { title: 'Buy a lamp' })
    await api('POST', '/api/tasks', { title: 'Sell the sofa' })
    await page.goto(`${url}/search`)
    const late = Promise.withResolvers<void>()
    await context.route(/tasks\?.*q=lamp/, (route) => late.promise.then(() => route.fallback()))
    const asked = page.waitForRequest(/q=lamp/)
    await page.getByRole('searchbox').fill('lamp')
    await asked
    await page.getByRole('searchbox').fill('sofa')
    await row('Sell the sofa').waitFor()
    const answered = page.waitForResponse(/q=lamp/)
    late.resolve()
    await answered
    // Long enough for the page to draw what it was told.
    await page.waitForTimeout(300)
    expect(await page.locator('main [data-row]').allInnerTexts()).toEqual([
      expect.stringContaining('Sell the sofa'),
    ])
    await context.route(/tasks\?.*q=/, (route) => route.abort())
    await page.getByRole('searchbox').fill('buy')
    await row('Buy a lamp').waitFor()
    expect(await row('Sell the sofa').count()).toBe(0)
  })
})

test('a reminder arrives by itself, with what became of it on each channel', async () => {
  const { page, api, row, url } = await openApp()
  const due_date = `${new Date(Date.now() + 3_000).toISOString().slice(0, 19)}Z`
  await api('POST', '/api/tasks', { title: 'Tea', due_date })
  await row('Tea').waitFor()
  await page.getByRole('navigation', { name: 'Views' }).first().getByText('1 unread').waitFor()
  await page.goto(`${url}/notifications`)
  await page.getByText('How it was sent').click()
  await page.getByText('In app', { exact: true }).waitFor()
  await until(
    async () => (await page.getByText('Sent', { exact: true }).count()) === 2 || Boolean(await page.reload()),
  )
  await page.getByRole('link', { name: /Tea/ }).click()
  await page.getByRole('region', { name: 'Deliveries' }).getByText('Email').waitFor()
})

test('settings are kept, with the rule beside the field that breaks it', async () => {
  const { page, url, api } = await openApp()
  await page.goto(`${url}/settings`)
  await page.getByLabel('Time zone', { exact: true }).selectOption('Asia/Tokyo')
  await until(async () => (await api<{ time_zone: string }>('GET', '/api/me')).time_zone === 'Asia/Tokyo')
  await page.getByLabel('The day starts at').fill('04:00')
  await page.getByLabel('The day starts at').blur()
  await until(async () => (await api<{ day_start: string }>('GET', '/api/me')).day_start === '04:00')
  await page.getByLabel('Name').fill('   ')
  await page.getByLabel('Name').blur()
  await page.getByText('Give a name of 1 to 200 characters.').waitFor()
  await page.getByRole('button', { name: 'Send a test reminder' }).click()
  await expect.poll(() => page.getByText('Sent', { exact: true }).count(), { timeout: 15_000 }).toBe(2)
  await page.getByLabel('Language', { exact: true }).selectOption('de')
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
})
