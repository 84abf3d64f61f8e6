import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { processorMs } from '../testing/processor.ts'
import { formatDue } from './due.ts'
import { RecurrenceError } from './error.ts'
import { parseQuick } from './quick.ts'
import { printRule } from './rrule-print.ts'
import { checkSeries } from './validate.ts'

/** A Tuesday. */
const now = Temporal.PlainDateTime.from('2026-11-24T10:00')
const read = (text: string) => parseQuick(text, now)

describe('a rule, its first date and what is left of the text', () => {
  test.each([
    ['standup every 3rd monday 9am', 'standup', 'FREQ=MONTHLY;BYDAY=3MO', '2026-12-21T09:00:00'],
    [
      'invoices every last workday',
      'invoices',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-11-30',
    ],
    ['report every 15th workday', 'report', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=15', '2026-12-21'],
    ['clean every 2 weeks', 'clean', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-24'],
    ['clean every two weeks on friday', 'clean', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR', '2026-11-27'],
    ['call mum every other sunday', 'call mum', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU', '2026-11-29'],
    ['gym every mon, wed and fri at 18:30', 'gym', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', '2026-11-25T18:30:00'],
    ['pills every day 9am', 'pills', 'FREQ=DAILY', '2026-11-25T09:00:00'],
    ['pills every day 9pm', 'pills', 'FREQ=DAILY', '2026-11-24T21:00:00'],
    ['mail every weekday', 'mail', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-24'],
    ['pay rent every 1st', 'pay rent', 'FREQ=MONTHLY;BYMONTHDAY=1', '2026-12-01'],
    ['pay every 1st and 15th', 'pay', 'FREQ=MONTHLY;BYMONTHDAY=1,15', '2026-12-01'],
    [
      'backup every 31st',
      'backup',
      'RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD',
      '2026-11-30',
    ],
    ['backup every last day of the month', 'backup', 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-11-30'],
    ['report every 3 months on the 1st', 'report', 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1', '2026-12-01'],
    [
      'taxes every april 15',
      'taxes',
      'RSCALE=GREGORIAN;FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=15;SKIP=BACKWARD',
      '2027-04-15',
    ],
    ['clocks every last sunday of march', 'clocks', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', '2027-03-28'],
    ['drink every 2 hours', 'drink', 'FREQ=HOURLY;INTERVAL=2', '2026-11-24T10:00:00'],
    ['water plants daily', 'water plants', 'FREQ=DAILY', '2026-11-24'],
    ['trash every thursday starting 1 december', 'trash', 'FREQ=WEEKLY;BYDAY=TH', '2026-12-03'],
    ['course every monday until 31 dec 2026', 'course', 'FREQ=WEEKLY;UNTIL=20261231;BYDAY=MO', '2026-11-30'],
    ['course every monday for 4 times', 'course', 'FREQ=WEEKLY;COUNT=4;BYDAY=MO', '2026-11-30'],
    ['1st of every month rent', 'rent', 'FREQ=MONTHLY;BYMONTHDAY=1', '2026-12-01'],
    ['bins first monday of every month', 'bins', 'FREQ=MONTHLY;BYDAY=1MO', '2026-12-07'],
    ['gym weekly on monday and thursday', 'gym', 'FREQ=WEEKLY;BYDAY=MO,TH', '2026-11-26'],
    ['monthly on the last friday report', 'report', 'FREQ=MONTHLY;BYDAY=-1FR', '2026-11-27'],
    [
      'rent monthly on the 31st',
      'rent',
      'RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD',
      '2026-11-30',
    ],
    ['pay every 2nd month on the 15th', 'pay', 'FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15', '2026-12-15'],
  ])('%s', (text, title, rule, due) => {
    const quick = read(text)
    expect([
      quick.title,
      quick.series && printRule(quick.series.rule!),
      quick.due && formatDue(quick.due),
    ]).toEqual([title, rule, due])
    expect(() => checkSeries(quick.series!, 'UTC')).not.toThrow()
  })

  test('"every!" counts from completion', () => {
    expect(read('water every! 10 days')).toMatchObject({ title: 'water', mode: 'completion' })
    expect(read('water every 10 days').mode).toBe('schedule')
  })
})

describe('a date without a rule', () => {
  test.each([
    ['call today', '2026-11-24'],
    ['call tomorrow 9am', '2026-11-25T09:00:00'],
    ['call friday', '2026-11-27'],
    ['call on tuesday', '2026-12-01'],
    ['call next friday', '2026-12-04'],
    ['call next week', '2026-11-30'],
    ['call in 3 weeks', '2026-12-15'],
    ['call in a month', '2026-12-24'],
    ['call 1 march', '2027-03-01'],
    ['call march 1st 2028', '2028-03-01'],
    ['call 29 feb', '2028-02-29'],
    ['call 2027-01-05', '2027-01-05'],
    ['call at 9:30 pm', '2026-11-24T21:30:00'],
    ['call at noon', '2026-11-24T12:00:00'],
    ['call 12am', '2026-11-25T00:00:00'],
    ['call 8am', '2026-11-25T08:00:00'],
    ["call at 9 o'clock", '2026-11-25T09:00:00'],
    ["call at 5 o'clock pm", '2026-11-24T17:00:00'],
    ['call the day after tomorrow', '2026-11-26'],
    ['call monday 7 december', '2026-12-07'],
    ['call on monday, the 7th of december', '2026-12-07'],
    ['call fri 8pm', '2026-11-27T20:00:00'],
    ['call 8pm fri', '2026-11-27T20:00:00'],
    ['call friday next week', '2026-12-04'],
    ['call next week on friday', '2026-12-04'],
    ['call due by friday 5pm', '2026-11-27T17:00:00'],
    ['call before friday', '2026-11-27'],
    ['tomorrow, call', '2026-11-25'],
    ['tomorrow: call', '2026-11-25'],
    ['call, tomorrow', '2026-11-25'],
  ])('%s', (text, due) => {
    const quick = read(text)
    expect([quick.title, quick.due && formatDue(quick.due), quick.series]).toEqual(['call', due, undefined])
  })
})

describe('words that are only words', () => {
  test.each([
    'The 5th Wave',
    'Renovation',
    'Fix the monitor',
    'Buy paprika and sun cream',
    'Sat exam in may',
    'march on',
    'prepare daily standup',
    'every thing counts',
    'look at 5 houses',
    'call 30 feb',
    'Fix #42',
    'wow! great',
    'call at 25:00',
    'call 13pm',
    'call in 500 years',
    'Read The Tomorrow War',
  ])('%s', (text) => expect(read(text)).toEqual({ title: text, chips: [], tags: [] }))

  test('what is in quotes is literal, and the quotes that kept it so go', () => {
    expect(read('"every day" is a song')).toEqual({ title: 'every day is a song', chips: [], tags: [] })
    expect(read('read "Dune" tomorrow')).toMatchObject({ title: 'read "Dune"', due: { kind: 'date' } })
  })

  test('a piece that the user gives back stays in the title', () => {
    const [chip] = read('watch Friday').chips
    expect(parseQuick('watch Friday', now, [chip!])).toEqual({ title: 'watch Friday', chips: [], tags: [] })
  })
})

describe('of what cannot be read whole, nothing is read', () => {
  test.each([
    'rent on the 31st monthly',
    'on the 15th pay rent every month',
    'rent on the first of every month',
    'last workday report every month',
    'plants every 3 days but not on sunday',
    'plants every day or two',
    'bins every day except sunday',
    'bins every day except sunday 9am',
    'bins every jan 1 and jul 1',
    'bins every jan 1, jul 1',
    'every friday in march',
    'every 31st of june',
    'every monday to friday standup',
    'every month on monday',
    'pills every day for 2 weeks',
    'pills 3 times daily',
    'run every morning at 7am',
    'gym mondays 9am',
    'course every monday until friday',
    'course every monday until 1 jan 2020',
    'bins last friday of the month',
    'bins on the first monday of the month',
    'Friday the 13th',
    'call friday and saturday',
    'call after friday',
    'call the day before friday',
    'call 3 weeks from tomorrow',
    'call monday week',
    'call in 2 weeks on friday',
    'trip 24 and 25 december',
    'meeting from 3pm to 4pm',
    'meeting at half past 9am',
    'dinner at 8:00 in the evening',
  ])('%s', (text) => expect(read(text)).toEqual({ title: text, chips: [], tags: [] }))

  test('but what is not about time stays understood', () => {
    expect(read('call after friday !high #home')).toMatchObject({
      title: 'call after friday',
      priority: 1,
      tags: ['home'],
    })
  })

  test.each([
    ['call bob tomorrow and pay rent', 'call bob and pay rent'],
    ['3 eggs for ann friday in the office', '3 eggs for ann in the office'],
    ['first thing tomorrow at 9am for 2 hours', 'first thing for 2 hours'],
    ['walk to school every monday until 31 dec 2026', 'walk to school'],
    ['call bob, tomorrow, about .5 l', 'call bob, about .5 l'],
  ])('"%s" is whole', (text, title) => {
    expect(read(text).due).toBeDefined()
    expect(read(text).title).toBe(title)
  })
})

test('a tag is of any script, and a task has no more than it may have', () => {
  expect(read('x #हिंदी #ไทยที่').tags).toEqual(['हिंदी', 'ไทยที่'])
  const line = Array.from({ length: 21 }, (_, number) => `#t${number}`).join(' ')
  expect(read(`${line} #t0`)).toMatchObject({ title: '#t20', tags: { length: 20 } })
})

test('every piece comes with its place and its meaning', () => {
  const text = 'pay rent every 1st 9am !high #home'
  const { chips, priority, tags } = read(text)
  expect(chips).toEqual([
    { start: 9, end: 18, kind: 'recurrence', text: 'every 1st', means: 'Every month on the 1st' },
    { start: 19, end: 22, kind: 'time', text: '9am', means: '09:00' },
    { start: 23, end: 28, kind: 'priority', text: '!high', means: 'priority 1' },
    { start: 29, end: 34, kind: 'tag', text: '#home', means: 'home' },
  ])
  expect([priority, tags]).toEqual([1, ['home']])
})

describe('whatever is typed', () => {
  const vocabulary =
    'every every! other 2 3rd last monday mon workday day weeks months of march 31 feb and on the at 9am 17:00 until for times tomorrow "a !high #x in next , 2200 0 -'.split(
      ' ',
    )
  const line = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...vocabulary), { maxLength: 12 }).map((words) => words.join(' ')),
  )

  test('is read, its pieces do not overlap and nothing else is lost', () => {
    const holds = fc.property(line, (text) => {
      const { chips, title, series } = read(text)
      let end = 0
      for (const chip of chips) {
        expect(chip.start).toBeGreaterThanOrEqual(end)
        expect(text.slice(chip.start, chip.end)).toBe(chip.text)
        end = chip.end
      }
      const letters = (value: string) => value.replaceAll(/[\s",.;:]/g, '').length
      expect(letters(title)).toBe(letters(text) - chips.reduce((sum, chip) => sum + letters(chip.text), 0))
      if (series) checkSeries(series, 'UTC')
    })
    expect(() => fc.assert(holds, { numRuns: 1_000 })).not.toThrow()
  })

  test.each(['31 feb ', 'every 30 feb ', '"29 feb" ', 'every 1st and ', '!high #a ', '"'])(
    '%j again and again takes less than 50 ms',
    (piece) => {
      const line = piece.repeat(Math.floor(2_000 / piece.length))
      const times = [1, 2, 3].map(() => processorMs(() => read(line)))
      expect(Math.min(...times)).toBeLessThan(50)
    },
  )

  test('a text without end is refused', () => {
    expect(() => read('x '.repeat(2_000))).toThrow(RecurrenceError)
  })
})

describe('in German', () => {
  const lies = (text: string) => parseQuick(text, now, [], 'de')

  test.each([
    ['standup jeden 3. montag 9 uhr', 'standup', 'FREQ=MONTHLY;BYDAY=3MO', '2026-12-21T09:00:00'],
    [
      'Rechnungen jeden letzten Werktag',
      'Rechnungen',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-11-30',
    ],
    ['putzen alle 2 wochen', 'putzen', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-24'],
    ['putzen alle zwei Wochen am Freitag', 'putzen', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR', '2026-11-27'],
    ['gießen jeden zweiten Tag', 'gießen', 'FREQ=DAILY;INTERVAL=2', '2026-11-24'],
    ['gießen jede 2. Woche', 'gießen', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-24'],
    ['Sport jeden Mo, Mi und Fr um 18:30', 'Sport', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', '2026-11-25T18:30:00'],
    ['Yoga montags 18.30 Uhr', 'Yoga', 'FREQ=WEEKLY;BYDAY=MO', '2026-11-30T18:30:00'],
    ['Post werktags', 'Post', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-24'],
    ['Tabletten täglich mittags', 'Tabletten', 'FREQ=DAILY', '2026-11-24T12:00:00'],
    ['miete zahlen jeden 1.', 'miete zahlen', 'FREQ=MONTHLY;BYMONTHDAY=1', '2026-12-01'],
    ['zahlen jeden 1. und 15.', 'zahlen', 'FREQ=MONTHLY;BYMONTHDAY=1,15', '2026-12-01'],
    ['sichern jeden letzten Tag des Monats', 'sichern', 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-11-30'],
    ['Bericht alle 3 Monate am 1.', 'Bericht', 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1', '2026-12-01'],
    [
      'Steuer jeden 15. April',
      'Steuer',
      'RSCALE=GREGORIAN;FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=15;SKIP=BACKWARD',
      '2027-04-15',
    ],
    ['Uhren jeden letzten Sonntag im März', 'Uhren', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', '2027-03-28'],
    ['Kurs jeden Montag bis 31. Dez 2026', 'Kurs', 'FREQ=WEEKLY;UNTIL=20261231;BYDAY=MO', '2026-11-30'],
    ['Kurs jeden Montag 4 mal', 'Kurs', 'FREQ=WEEKLY;COUNT=4;BYDAY=MO', '2026-11-30'],
    ['Müll jeden Donnerstag ab 1. Dezember', 'Müll', 'FREQ=WEEKLY;BYDAY=TH', '2026-12-03'],
    ['ausruhen jedes Wochenende', 'ausruhen', 'FREQ=WEEKLY;BYDAY=SA,SU', '2026-11-28'],
    ['read every monday', 'read', 'FREQ=WEEKLY;BYDAY=MO', '2026-11-30'],
    ['Miete am 1. jedes Monats', 'Miete', 'FREQ=MONTHLY;BYMONTHDAY=1', '2026-12-01'],
    ['Miete monatlich am 15.', 'Miete', 'FREQ=MONTHLY;BYMONTHDAY=15', '2026-12-15'],
    ['zahlen jeden 2. Monat am 15.', 'zahlen', 'FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15', '2026-12-15'],
    ['Müll alle zwei Wochen montags', 'Müll', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', '2026-11-30'],
    ['Sport dienstags und donnerstags um 18 Uhr', 'Sport', 'FREQ=WEEKLY;BYDAY=TU,TH', '2026-11-24T18:00:00'],
  ])('%s', (text, title, rule, due) => {
    const quick = lies(text)
    expect([
      quick.title,
      quick.series && printRule(quick.series.rule!),
      quick.due && formatDue(quick.due),
    ]).toEqual([title, rule, due])
  })

  test.each([
    ['Anruf heute', '2026-11-24'],
    ['Anruf morgen 9 Uhr', '2026-11-25T09:00:00'],
    ['Anruf übermorgen', '2026-11-26'],
    ['Anruf Freitag', '2026-11-27'],
    ['Anruf am Dienstag', '2026-12-01'],
    ['Anruf nächsten Freitag', '2026-12-04'],
    ['Anruf nächste Woche', '2026-11-30'],
    ['Anruf in 3 Wochen', '2026-12-15'],
    ['Anruf in einem Monat', '2026-12-24'],
    ['Anruf am 1. März', '2027-03-01'],
    ['Anruf 29. Feb', '2028-02-29'],
    ['Anruf am 24.12.', '2026-12-24'],
    ['Anruf 5.1.2027', '2027-01-05'],
    ['Anruf um 21:30', '2026-11-24T21:30:00'],
    ['Anruf um 9 Uhr', '2026-11-25T09:00:00'],
    ['Anruf um 9 Uhr 30', '2026-11-25T09:30:00'],
    ['Anruf um 8 Uhr abends', '2026-11-24T20:00:00'],
    ['Anruf um 20 Uhr abends', '2026-11-24T20:00:00'],
    ['Anruf Montag, 7. Dezember', '2026-12-07'],
    ['Anruf am Montag den 7.12.', '2026-12-07'],
    ['Anruf Mi 9 Uhr', '2026-11-25T09:00:00'],
    ['Anruf Do 9 Uhr', '2026-11-26T09:00:00'],
    ['Anruf Freitag nächste Woche', '2026-12-04'],
    ['Montag, 9 Uhr Anruf', '2026-11-30T09:00:00'],
    ['Anruf, morgen um 9:00', '2026-11-25T09:00:00'],
    ['Anruf bis Freitag', '2026-11-27'],
    ['Anruf ab Montag', '2026-11-30'],
  ])('%s', (text, due) => {
    const quick = lies(text)
    expect([quick.title, quick.due && formatDue(quick.due), quick.series]).toEqual(['Anruf', due, undefined])
  })

  test.each([
    'Alle Fenster putzen',
    'Do it yourself im Mai',
    'So geht das',
    'Das letzte Mal',
    'Kapitel 3. lesen',
    'Version 3.5 prüfen',
    'am 30.2. anrufen',
    'um 25 Uhr',
    'tägliche Besprechung',
    'morgendlicher Lauf',
    'jeden Morgen joggen',
    'jeden Morgen um 7 Uhr joggen',
    'Am Morgen joggen',
    'guten morgen sagen',
    'heute in 8 Tagen',
    'Montag in einer Woche',
    'Anruf übernächsten Freitag',
    'Müll am letzten Freitag im Monat',
    'Ende nächster Woche',
    'Bericht am Ende jedes Monats',
    'jeden Tag außer Sonntag',
    'montags alle zwei Wochen Müll',
    'jeden Freitag im März',
    'bis Freitag jeden Tag üben',
    'Urlaub von Montag bis Freitag',
    'Treffen von 9 bis 10 Uhr',
    'um halb 9 Uhr',
    '5 vor 9 Uhr',
    'heute Abend um 8 Uhr',
  ])('nothing in "%s"', (text) => expect(lies(text)).toEqual({ title: text, chips: [], tags: [] }))

  test('every piece comes with its place, and its meaning in German', () => {
    const { chips, priority, tags, title } = lies('miete zahlen jeden 1. 9 uhr !hoch #zuhause')
    expect(title).toBe('miete zahlen')
    expect(chips).toEqual([
      { start: 13, end: 21, kind: 'recurrence', text: 'jeden 1.', means: 'Jeden Monat am 1.' },
      { start: 22, end: 27, kind: 'time', text: '9 uhr', means: '09:00' },
      { start: 28, end: 33, kind: 'priority', text: '!hoch', means: 'priority 1' },
      { start: 34, end: 42, kind: 'tag', text: '#zuhause', means: 'zuhause' },
    ])
    expect([priority, tags]).toEqual([1, ['zuhause']])
    expect(lies('gießen alle! 10 tage').mode).toBe('completion')
  })
})
