/** Every example of RFC 5545 section 3.8.5.3, and those of RFC 7529 for the Gregorian calendar. */
import { describe, expect, test } from 'vitest'
import { occurrences } from './expand.ts'
import { parseSeries } from './rrule-parse.ts'

/** `1997 9/2,4 10/1 1998 1/6` as dates. */
function dates(short: string): string[] {
  let year = ''
  return short.split(' ').flatMap((word) => {
    if (!word.includes('/')) {
      year = word
      return []
    }
    const [month = '', days = ''] = word.split('/')
    return days.split(',').map((day) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  })
}

const newYork = (start: string, rule: string, more = '') =>
  parseSeries(`DTSTART;TZID=America/New_York:${start}T090000\nRRULE:${rule}\n${more}`)

const all = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).join(',')

describe('examples that end', () => {
  test.each([
    ['daily for 10 occurrences', '19970902', 'FREQ=DAILY;COUNT=10', `1997 9/${all(2, 11)}`],
    [
      'daily until December 24',
      '19970902',
      'FREQ=DAILY;UNTIL=19971224T000000Z',
      `1997 9/${all(2, 30)} 10/${all(1, 31)} 11/${all(1, 30)} 12/${all(1, 23)}`,
    ],
    ['every 10 days, 5 occurrences', '19970902', 'FREQ=DAILY;INTERVAL=10;COUNT=5', '1997 9/2,12,22 10/2,12'],
    [
      'every day in January for 3 years, by year',
      '19980101',
      'FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA',
      `1998 1/${all(1, 31)} 1999 1/${all(1, 31)} 2000 1/${all(1, 31)}`,
    ],
    [
      'every day in January for 3 years, by day',
      '19980101',
      'FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1',
      `1998 1/${all(1, 31)} 1999 1/${all(1, 31)} 2000 1/${all(1, 31)}`,
    ],
    [
      'weekly for 10 occurrences',
      '19970902',
      'FREQ=WEEKLY;COUNT=10',
      '1997 9/2,9,16,23,30 10/7,14,21,28 11/4',
    ],
    [
      'weekly until December 24',
      '19970902',
      'FREQ=WEEKLY;UNTIL=19971224T000000Z',
      '1997 9/2,9,16,23,30 10/7,14,21,28 11/4,11,18,25 12/2,9,16,23',
    ],
    [
      'Tuesday and Thursday for five weeks, by date',
      '19970902',
      'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
      '1997 9/2,4,9,11,16,18,23,25,30 10/2',
    ],
    [
      'Tuesday and Thursday for five weeks, by count',
      '19970902',
      'FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH',
      '1997 9/2,4,9,11,16,18,23,25,30 10/2',
    ],
    [
      'every other week on Monday, Wednesday and Friday',
      '19970901',
      'FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR',
      '1997 9/1,3,5,15,17,19,29 10/1,3,13,15,17,27,29,31 11/10,12,14,24,26,28 12/8,10,12,22',
    ],
    [
      'every other week on Tuesday and Thursday, 8 occurrences',
      '19970902',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
      '1997 9/2,4,16,18,30 10/2,14,16',
    ],
    [
      'the first Friday, 10 occurrences',
      '19970905',
      'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
      '1997 9/5 10/3 11/7 12/5 1998 1/2 2/6 3/6 4/3 5/1 6/5',
    ],
    [
      'the first Friday until December 24',
      '19970905',
      'FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR',
      '1997 9/5 10/3 11/7 12/5',
    ],
    [
      'every other month on the first and last Sunday',
      '19970907',
      'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
      '1997 9/7,28 11/2,30 1998 1/4,25 3/1,29 5/3,31',
    ],
    [
      'the second-to-last Monday',
      '19970922',
      'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
      '1997 9/22 10/20 11/17 12/22 1998 1/19 2/16',
    ],
    [
      'the 2nd and the 15th',
      '19970902',
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15',
      '1997 9/2,15 10/2,15 11/2,15 12/2,15 1998 1/2,15',
    ],
    [
      'the first and the last day',
      '19970930',
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
      '1997 9/30 10/1,31 11/1,30 12/1,31 1998 1/1,31 2/1',
    ],
    [
      'every 18 months on the 10th to the 15th',
      '19970910',
      'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
      '1997 9/10,11,12,13,14,15 1999 3/10,11,12,13',
    ],
    [
      'yearly in June and July',
      '19970610',
      'FREQ=YEARLY;COUNT=10;BYMONTH=6,7',
      '1997 6/10 7/10 1998 6/10 7/10 1999 6/10 7/10 2000 6/10 7/10 2001 6/10 7/10',
    ],
    [
      'every other year in January, February and March',
      '19970310',
      'FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3',
      '1997 3/10 1999 1/10 2/10 3/10 2001 1/10 2/10 3/10 2003 1/10 2/10 3/10',
    ],
    [
      'every third year on the 1st, 100th and 200th day',
      '19970101',
      'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
      '1997 1/1 4/10 7/19 2000 1/1 4/9 7/18 2003 1/1 4/10 7/19 2006 1/1',
    ],
    [
      'the third of Tuesday, Wednesday and Thursday',
      '19970904',
      'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
      '1997 9/4 10/7 11/6',
    ],
    [
      'every other week that begins on Monday',
      '19970805',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
      '1997 8/5,10,19,24',
    ],
    [
      'every other week that begins on Sunday',
      '19970805',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
      '1997 8/5,17,19,31',
    ],
    [
      '30 February is left out',
      '20070115',
      'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
      '2007 1/15,30 2/15 3/15,30',
    ],
    [
      'RFC 7529: a leap day that moves forward',
      '20120229',
      'RSCALE=GREGORIAN;FREQ=YEARLY;COUNT=5;SKIP=FORWARD',
      '2012 2/29 2013 3/1 2014 3/1 2015 3/1 2016 2/29',
    ],
    [
      'RFC 7529: OMIT',
      '20140131',
      'RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=4;SKIP=OMIT',
      '2014 1/31 3/31 5/31 7/31',
    ],
    [
      'RFC 7529: BACKWARD',
      '20140131',
      'RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=4;SKIP=BACKWARD',
      '2014 1/31 2/28 3/31 4/30',
    ],
    [
      'RFC 7529: FORWARD',
      '20140131',
      'RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=4;SKIP=FORWARD',
      '2014 1/31 3/1,31 5/1',
    ],
  ])('%s', (_, start, rule, expected) => {
    const series = newYork(start, rule)
    const keys = occurrences(series, { userZone: 'UTC' })
      .map((occurrence) => occurrence.key)
      .toArray()
    expect(keys).toEqual(dates(expected).map((date) => `${date}T09:00:00`))
  })
})

describe('examples that go on for ever', () => {
  test.each([
    [
      'every other day',
      '19970902',
      'FREQ=DAILY;INTERVAL=2',
      '1997 9/2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 10/2,4',
    ],
    [
      'every other week',
      '19970902',
      'FREQ=WEEKLY;INTERVAL=2;WKST=SU',
      '1997 9/2,16,30 10/14,28 11/11,25 12/9,23 1998 1/6,20 2/3,17',
    ],
    [
      'the third-to-last day',
      '19970928',
      'FREQ=MONTHLY;BYMONTHDAY=-3',
      '1997 9/28 10/29 11/28 12/29 1998 1/29 2/26',
    ],
    [
      'every Tuesday of every other month',
      '19970902',
      'FREQ=MONTHLY;INTERVAL=2;BYDAY=TU',
      '1997 9/2,9,16,23,30 11/4,11,18,25 1998 1/6,13,20,27 3/3,10,17,24,31',
    ],
    ['the 20th Monday of the year', '19970519', 'FREQ=YEARLY;BYDAY=20MO', '1997 5/19 1998 5/18 1999 5/17'],
    [
      'the Monday of week 20',
      '19970512',
      'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO',
      '1997 5/12 1998 5/11 1999 5/17',
    ],
    [
      'every Thursday in March',
      '19970313',
      'FREQ=YEARLY;BYMONTH=3;BYDAY=TH',
      '1997 3/13,20,27 1998 3/5,12,19,26 1999 3/4,11,18,25',
    ],
    [
      'every Thursday in June, July and August',
      '19970605',
      'FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8',
      '1997 6/5,12,19,26 7/3,10,17,24,31 8/7,14,21,28 1998 6/4,11,18,25 7/2,9,16,23,30 8/6,13,20,27',
    ],
    [
      'the Saturday after the first Sunday',
      '19970913',
      'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
      '1997 9/13 10/11 11/8 12/13 1998 1/10 2/7 3/7 4/11 5/9 6/13',
    ],
    [
      'the day of the presidential election',
      '19961105',
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996 11/5 2000 11/7 2004 11/2',
    ],
    [
      'the second-to-last working day',
      '19970929',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
      '1997 9/29 10/30 11/27 12/30 1998 1/29 2/26 3/30',
    ],
  ])('%s', (_, start, rule, expected) => {
    const list = dates(expected).map((date) => `${date}T09:00:00`)
    const found = occurrences(newYork(start, rule), { userZone: 'UTC' }).take(list.length)
    expect(found.map((occurrence) => occurrence.key).toArray()).toEqual(list)
  })

  test('every Friday the 13th, without the start', () => {
    const series = newYork(
      '19970902',
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      'EXDATE;TZID=America/New_York:19970902T090000',
    )
    const found = occurrences(series, { userZone: 'UTC' }).take(5)
    expect(found.map((occurrence) => occurrence.key.slice(0, 10)).toArray()).toEqual(
      dates('1998 2/13 3/13 11/13 1999 8/13 2000 10/13'),
    )
  })
})

const clock = (rule: string, count: number) =>
  occurrences(newYork('19970902', rule), { userZone: 'UTC' })
    .take(count)
    .map((occurrence) =>
      occurrence.at.toZonedDateTimeISO('America/New_York').toPlainDateTime().toString().slice(5, 16),
    )
    .toArray()

describe('examples in hours and minutes', () => {
  test('every 3 hours from 9 to 5, as erratum 3883 corrects it', () => {
    expect(clock('FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z', 9)).toEqual([
      '09-02T09:00',
      '09-02T12:00',
      '09-02T15:00',
    ])
  })

  test('every 15 minutes for 6 occurrences', () => {
    expect(clock('FREQ=MINUTELY;INTERVAL=15;COUNT=6', 9)).toEqual(
      ['09:00', '09:15', '09:30', '09:45', '10:00', '10:15'].map((time) => `09-02T${time}`),
    )
  })

  test('every hour and a half for 4 occurrences', () => {
    expect(clock('FREQ=MINUTELY;INTERVAL=90;COUNT=4', 9)).toEqual(
      ['09:00', '10:30', '12:00', '13:30'].map((time) => `09-02T${time}`),
    )
  })

  test('every 20 minutes from 9 to 16:40, said in two ways', () => {
    const times = [9, 10, 11, 12, 13, 14, 15, 16].flatMap((hour) =>
      ['00', '20', '40'].map((minute) => `${String(hour).padStart(2, '0')}:${minute}`),
    )
    const expected = ['09-02', '09-03'].flatMap((day) => times.map((time) => `${day}T${time}`))
    expect(clock('FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40', 48)).toEqual(expected)
    expect(clock('FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16', 48)).toEqual(expected)
  })
})
