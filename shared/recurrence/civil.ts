/**
 * The Gregorian calendar in whole numbers: a day is the count of days since 1970-01-01, a local time the count of seconds
 * since that midnight. `Temporal` objects cost about half a microsecond each, so they are made only for what is handed out.
 */

export const daySeconds = 86_400

export type Civil = { year: number; month: number; day: number }

/** The day number of a date. Months and days out of range carry over, so day 0 is the last day of the month before. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The date of a day number. */
export function civil(dayCount: number): Civil {
  const shifted = dayCount + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

/** 0 is Monday, 6 is Sunday. */
export function weekday(dayCount: number): number {
  return modulo(dayCount + 3, 7)
}

export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

export function yearDays(year: number): number {
  return isLeap(year) ? 366 : 365
}

export function monthDays(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** `2025-01-15`. */
export function dateText(dayCount: number): string {
  const { year, month, day } = civil(dayCount)
  return `${year}-${two(month)}-${two(day)}`
}

/** `2025-01-15T09:00:00`. */
export function localText(local: number): string {
  const day = Math.floor(local / daySeconds)
  const second = local - day * daySeconds
  return `${dateText(day)}T${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
