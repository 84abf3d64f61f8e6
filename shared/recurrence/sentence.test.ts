import { describe, expect, test } from 'vitest'
import { parseDue } from './due.ts'
import { nextOccurrence } from './expand.ts'
import { parseRule } from './rrule-parse.ts'
import { sentenceOf } from './sentence.ts'

test.each([
  ['FREQ=DAILY', 'Every day'],
  ['FREQ=DAILY;INTERVAL=10;COUNT=5', 'Every 10 days for 5 times'],
  [
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231',
    'Every 2 weeks on Monday and Thursday until 31 Dec 2026',
  ],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Every weekday'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO,TU,WE,TH', 'Every 2 weeks on weekdays'],
  ['FREQ=MONTHLY;BYDAY=3MO', 'Every month on the 3rd Monday'],
  ['FREQ=MONTHLY;BYDAY=1SU,-1SU;COUNT=10', 'Every month on the 1st Sunday and the last Sunday for 10 times'],
  ['FREQ=MONTHLY;BYDAY=-2MO', 'Every month on the second-to-last Monday'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'Every month on the last working day'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=15', 'Every month on the 15th working day'],
  ['FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3', 'Every month on the 3rd Tuesday, Wednesday or Thursday'],
  ['FREQ=MONTHLY;BYMONTHDAY=1,-1', 'Every month on the 1st and last day'],
  ['FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR', 'Every month on the 13th if it is a Friday'],
  [
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
    'Every 4 years on the 2nd to 8th in November if it is a Tuesday',
  ],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'Every year on the last Sunday in March'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', 'Every year in week 20 on Monday'],
  ['FREQ=YEARLY;BYYEARDAY=100', 'Every year on the 100th day of the year'],
  ['FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30', 'Every day at 09:30 and 17:30'],
  ['FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10', 'Every 20 minutes during the hours 09:00 and 10:00'],
  ['FREQ=DAILY;COUNT=1', 'Every day once'],
])('%s is said as "%s"', (rule, sentence) => expect(sentenceOf(parseRule(rule))).toBe(sentence))

test.each([
  [
    '2025-01-31',
    'RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD',
    'Every month on the 31st (last day in shorter months)',
  ],
  ['2025-01-31', 'FREQ=MONTHLY', 'Every month on the 31st'],
  [
    '2024-02-29',
    'RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD',
    'Every year on 29 February (28 February in common years)',
  ],
  [
    '2024-02-29',
    'RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD',
    'Every year on 29 February (1 March in common years)',
  ],
  ['2025-01-31T10:00', 'FREQ=WEEKLY', 'Every week on Friday'],
  ['2025-01-11', 'FREQ=YEARLY', 'Every year on 11 January'],
])('with the start %s, %s is said as "%s"', (start, rule, sentence) => {
  expect(sentenceOf(parseRule(rule), parseDue(start))).toBe(sentence)
})

describe('in German', () => {
  test.each([
    ['FREQ=DAILY', 'Jeden Tag'],
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', 'Alle 10 Tage, 5-mal'],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231',
      'Alle 2 Wochen am Montag und Donnerstag bis 31. Dezember 2026',
    ],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Jeden Werktag (Montag bis Freitag)'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO,TU,WE,TH', 'Alle 2 Wochen von Montag bis Freitag'],
    ['FREQ=MONTHLY;BYDAY=3MO', 'Jeden Monat am 3. Montag'],
    ['FREQ=MONTHLY;BYDAY=1SU,-1SU;COUNT=10', 'Jeden Monat am 1. Sonntag und letzten Sonntag, 10-mal'],
    ['FREQ=MONTHLY;BYDAY=-2MO', 'Jeden Monat am vorletzten Montag'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'Jeden Monat am letzten Werktag'],
    ['FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3', 'Jeden Monat am 3. Dienstag, Mittwoch oder Donnerstag'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,-1', 'Jeden Monat am 1. und letzten Tag'],
    ['FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR', 'Jeden Monat am 13., wenn das ein Freitag ist'],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      'Alle 4 Jahre am 2. bis 8. im November, wenn das ein Dienstag ist',
    ],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'Jedes Jahr am letzten Sonntag im März'],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', 'Jedes Jahr in Woche 20 am Montag'],
    ['FREQ=YEARLY;BYYEARDAY=100', 'Jedes Jahr am 100. Tag des Jahres'],
    ['FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=11', 'Jedes Jahr am 11. Januar'],
    ['FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30', 'Jeden Tag um 09:30 und 17:30'],
    ['FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10', 'Alle 20 Minuten in den Stunden ab 09:00 und 10:00'],
    ['FREQ=DAILY;COUNT=1', 'Jeden Tag, einmal'],
    [
      'RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD',
      'Jeden Monat am 31. (in kürzeren Monaten am letzten Tag)',
    ],
  ])('%s is said as "%s"', (rule, sentence) =>
    expect(sentenceOf(parseRule(rule), undefined, 'de')).toBe(sentence),
  )

  test('so are the reasons of a date', () => {
    const series = {
      start: parseDue('2025-01-31'),
      rule: parseRule('RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD'),
    }
    expect(nextOccurrence(series, '2025-01-31', 'UTC')?.noteIn('de')).toBe('der Monat hat keinen 31.')
  })
})
