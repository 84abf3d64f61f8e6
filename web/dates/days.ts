/** Calendar days as text (`2026-12-01`), which is how the API writes them and how they sort. */

/** What a field for a day takes. */
export const dayMin = '1970-01-01'
export const dayMax = '2200-12-31'

const dayMs = 86_400_000

const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export const addDays = (day: string, count: number): string => text(at(day) + count * dayMs)

/** How many days `to` is after `from`. */
export const daysBetween = (from: string, to: string): number => Math.round((at(to) - at(from)) / dayMs)

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export const weekdayOf = (day: string): number => new Date(at(day)).getUTCDay() || 7

export const dayOfMonth = (day: string): number => Number(day.slice(8, 10))
export const monthOf = (day: string): number => Number(day.slice(5, 7))

export const lengthOfMonth = (day: string): number =>
  new Date(Date.UTC(Number(day.slice(0, 4)), monthOf(day), 0)).getUTCDate()

/** The day and the minute (`2026-12-01`, `09:30`) that a clock in the zone shows at an instant. */
export function clockIn(zone: string, instant: number | string): { day: string; time: string } {
  const shown = formatter(zone).format(new Date(instant))
  return { day: shown.slice(0, 10), time: shown.slice(11, 16) }
}

/**
 * The instant at which a clock in the zone shows this. As on the server, a time that the clock skips shifts forward, and one
 * that comes twice means the first: both are read with the offset before the change.
 */
export function instantIn(zone: string, day: string, time: string): number {
  const shown = (instant: number) => {
    const clock = clockIn(zone, instant)
    return Date.parse(`${clock.day}T${clock.time}Z`)
  }
  const wanted = Date.parse(`${day}T${time}Z`)
  const [before, after] = [wanted - dayMs, wanted + dayMs].map((near) => wanted - (shown(near) - near))
  return shown(before!) !== wanted && shown(after!) === wanted ? after! : before!
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  // Swedish writes dates as ISO 8601 does.
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formatters.set(zone, made)
  return made
}
