import { listOf } from './list.ts'
import type { Phrases } from './phrases.ts'

const units = {
  MINUTELY: ['Jede Minute', 'Minuten'],
  HOURLY: ['Jede Stunde', 'Stunden'],
  DAILY: ['Jeden Tag', 'Tage'],
  WEEKLY: ['Jede Woche', 'Wochen'],
  MONTHLY: ['Jeden Monat', 'Monate'],
  YEARLY: ['Jedes Jahr', 'Jahre'],
} as const

const fromTheEnd = ['letzten', 'vorletzten', 'drittletzten', 'viertletzten', 'fünftletzten']

const place = (position: number): string =>
  position > 0 ? `${position}.` : (fromTheEnd[-position - 1] ?? `${-position}.-letzten`)

export const german: Phrases = {
  weekdays: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'],
  months: [
    'Januar',
    'Februar',
    'März',
    'April',
    'Mai',
    'Juni',
    'Juli',
    'August',
    'September',
    'Oktober',
    'November',
    'Dezember',
  ],
  and: 'und',
  or: 'oder',
  every: (freq, interval) =>
    interval === 1 ? units[freq][0] : `Alle ${interval.toLocaleString('de')} ${units[freq][1]}`,
  everyWorkday: 'Jeden Werktag (Montag bis Freitag)',
  onWorkdays: 'von Montag bis Freitag',
  day: 'Tag',
  workday: 'Werktag',
  place,
  nthWeekday: (which, weekday) => `${which} ${weekday}`,
  monthDay: (day) => (day > 0 ? `${day}.` : `${place(day)} Tag`),
  days: (first, last) => `${first} bis ${last}`,
  onDate: (day, month) => `am ${day}. ${month}`,
  onThe: (list) => `am ${list}`,
  on: (list) => `am ${list}`,
  onYearDays: (places) => `am ${listOf(places, 'und')} Tag des Jahres`,
  week: (week) => (week > 0 ? `Woche ${week}` : `der ${place(week)} Woche`),
  inWeeks: (list) => `in ${list}`,
  inMonths: (list) => `im ${list}`,
  ifItIs: (weekdays) => `, wenn das ${listOf(weekdays.map(nominative), 'oder')} ist`,
  onlyThe: (list) => `(davon nur den ${list})`,
  shorter: {
    BACKWARD: '(in kürzeren Monaten am letzten Tag)',
    FORWARD: '(nach kürzeren Monaten am nächsten Tag)',
  },
  commonYears: {
    BACKWARD: '(sonst am 28. Februar)',
    FORWARD: '(sonst am 1. März)',
  },
  atTimes: (list) => `um ${list}`,
  atMinutes: (list) => `zur Minute ${list}`,
  duringHours: (list) => `in den Stunden ab ${list}`,
  times: (count) => (count === 1 ? ', einmal' : `, ${count.toLocaleString('de')}-mal`),
  until: (day, month, year) => `bis ${day}. ${month} ${year}`,
  afterCompletion: 'ab dem Erledigen',
  notes: {
    clocksForward: 'die Uhr wird vorgestellt',
    clocksBack: 'die Uhr wird zurückgestellt',
    noLeapDay: 'der Februar hat keinen 29.',
    noDay: (day) => `der Monat hat keinen ${day}.`,
    fewerDays: (days) => `der Monat hat weniger als ${days} Tage`,
    noDay366: 'das Jahr hat keinen 366. Tag',
  },
}

/** "ein Freitag", "der letzte Freitag". */
function nominative(weekday: string): string {
  const [which, name] = weekday.split(' ') as [string, string?]
  return name === undefined ? `ein ${which}` : `der ${which.replace(/n$/, '')} ${name}`
}
