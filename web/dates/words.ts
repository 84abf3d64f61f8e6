/** Days, times and instants in words, by the reader's locale. */
import { language, t } from '../messages/translate.ts'
import { daysBetween } from './days.ts'

const utc = (day: string) => new Date(`${day}T00:00:00Z`)
const locale = () => language.get().locale

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs more than using it a thousand times. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale(), options)
  formats.set(key, made)
  return made
}

/** "Today", "Tomorrow", "Friday", "Tue 1 Dec", "1 Dec 2027": as short as it can be without doubt. */
export function dayWords(day: string, today: string): string {
  const distance = daysBetween(today, day)
  if (distance === 0) return t('day.today')
  if (distance === 1) return t('day.tomorrow')
  if (distance === -1) return t('day.yesterday')
  if (distance > 1 && distance < 7) return format({ weekday: 'long', timeZone: 'UTC' }).format(utc(day))
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  return format({
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
    ...(sameYear ? { weekday: 'short' } : { year: 'numeric' }),
  }).format(utc(day))
}

/** "Tuesday 1 December", with the year when it is another one. */
export function dayInFull(day: string, today: string): string {
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  return format({
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
    ...(!sameYear && { year: 'numeric' }),
  }).format(utc(day))
}

/** `09:30` as the locale writes times. */
export const timeWords = (time: string): string =>
  format({ hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(new Date(`2000-01-01T${time}:00Z`))

/** Date and time of an instant in the zone; with seconds where they tell something. */
export const instantWords = (instant: string, zone: string, seconds = false): string =>
  format({
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
    timeZone: zone,
  }).format(new Date(instant))

/** Names of the weekdays from Monday (1) to Sunday (7). */
export const weekdayName = (weekday: number, width: 'long' | 'short' = 'long'): string =>
  // 2001 began on a Monday.
  format({ weekday: width, timeZone: 'UTC' }).format(new Date(Date.UTC(2001, 0, weekday)))

export const monthName = (month: number): string =>
  format({ month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2001, month - 1, 1)))

/** "2 minutes ago", "yesterday": how long an instant has been. */
export function agoWords(instant: string, now = Date.now()): string {
  const seconds = (Date.parse(instant) - now) / 1000
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[3]
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.trunc(seconds / length), unit)
}

/** "2 minutes", "9 hours": a length of time in its largest unit. */
export function durationWords(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? units[3]
  const format = new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.floor(seconds / length))
}

const englishEndings: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }

/** "3rd"; where the language writes a point, "3.". */
export function ordinal(number: number): string {
  if (!locale().startsWith('en')) return `${number}.`
  return `${number}${englishEndings[new Intl.PluralRules('en', { type: 'ordinal' }).select(number)]}`
}
