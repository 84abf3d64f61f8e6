import { expect, test } from 'vitest'
import { parseDue } from './due.ts'
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
