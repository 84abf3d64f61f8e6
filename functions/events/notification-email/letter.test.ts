import { describe, expect, test } from 'vitest'
import { writeLetter } from './letter.ts'

const about = {
  task_id: '01890a5d-ac96-774b-bcce-b302099a8057',
  title: 'Pay rent',
  due_date: '2026-01-15T14:00:00Z',
  due_at: '2026-01-15T14:00:00Z',
  late_seconds: 0,
  time_zone: 'Europe/Berlin',
  locale: 'en',
}

const letter = (change: Partial<typeof about> | object = {}, url = 'https://todo.example') =>
  writeLetter({ ...about, ...change }, url)
const dueOf = (change: object) => /<strong>(.*)<\/strong>/.exec(letter(change).html)?.[1]

describe('when it is due', () => {
  test.each([
    ['an instant, where the reader is', {}, 'Thursday, January 15, 2026 at 3:00 PM GMT+1'],
    ['in the words of the reader', { locale: 'de' }, 'Donnerstag, 15. Januar 2026 um 15:00 MEZ'],
    [
      'a date, without a time',
      { due_date: '2026-01-15', due_at: '2026-01-15T23:00:00Z' },
      'Thursday, January 15, 2026',
    ],
    [
      'a time that follows the reader',
      { due_date: '2026-01-15T15:00:00' },
      'Thursday, January 15, 2026 at 3:00 PM GMT+1',
    ],
    [
      'a time in another zone, in both',
      { due_date: '2026-01-15T09:00:00[America/New_York]' },
      'Thursday, January 15, 2026 at 3:00 PM GMT+1 (Thursday, January 15, 2026 at 9:00 AM EST)',
    ],
    [
      'a time in the zone of the reader, once',
      { due_date: '2026-01-15T15:00:00[Europe/Berlin]' },
      'Thursday, January 15, 2026 at 3:00 PM GMT+1',
    ],
    ['no due date any more', { due_date: null, due_at: null }, undefined],
    [
      'a zone that is none: in UTC',
      { time_zone: 'Mars/Olympus' },
      'Thursday, January 15, 2026 at 2:00 PM UTC',
    ],
    [
      'a locale that is none: in English',
      { locale: 'no locale!' },
      'Thursday, January 15, 2026 at 3:00 PM GMT+1',
    ],
  ])('%s', (_, change, text) => {
    expect(dueOf(change)?.replaceAll(/\s/gu, ' ')).toBe(text)
  })
})

describe('late', () => {
  test.each([
    [5, undefined],
    [6, 'late by 6 seconds'],
    [61, 'late by 1 minute and 1 second'],
    [7_200, 'late by 2 hours'],
    [93_784, 'late by 1 day and 2 hours'],
    [86_401, 'late by 1 day'],
    [-3, undefined],
  ])('%i seconds after the planned instant: %s', (late_seconds, text) => {
    const { subject, html } = letter({ late_seconds })
    expect(subject).toBe(text ? `Reminder (${text}): Pay rent` : 'Reminder: Pay rent')
    expect(html.includes('This reminder is late by')).toBe(text !== undefined)
    if (text) expect(html).toContain(`This reminder is ${text}.`)
  })
})

describe('a title', () => {
  test('cannot add a header or another line to the subject', () => {
    const { subject } = letter({ title: 'a\r\nBcc: spy@example.org\0\u2028b\u202Ec' })
    expect(subject).toBe('Reminder: a Bcc: spy@example.org b c')
  })

  test('is cut in the subject, whole characters only, and not in the mail', () => {
    const title = '😀'.repeat(500)
    const { subject, html } = letter({ title })
    expect([...subject]).toHaveLength(200)
    expect(subject.isWellFormed()).toBe(true)
    expect(subject.endsWith('😀…')).toBe(true)
    expect(html).toContain(title)
  })

  test('is text in the mail, never markup', () => {
    const { html } = letter({ title: `<img src=x onerror=alert(1)> & "a" 'b'` })
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;a&quot; &#39;b&#39;')
    expect(html).not.toContain('<img')
  })
})

test('the link leads to the task, below the address of the app', () => {
  expect(letter({}, 'https://example.org/todo/').html).toContain(
    `href="https://example.org/todo/?task=${about.task_id}"`,
  )
})
