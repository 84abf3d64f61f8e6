/** What a mail says. */
import { lateAfterSeconds } from '../../../shared/contract/notification.ts'
import type { Attempt } from '../../../shared/data/deliveries.ts'
import { isZone, parseDue } from '../../../shared/recurrence/due.ts'

export type Letter = { subject: string; html: string }

type About = Pick<
  Attempt,
  'task_id' | 'title' | 'due_date' | 'due_at' | 'late_seconds' | 'time_zone' | 'locale'
>

const subjectLengthMax = 200

/** The mail about a task that is due, with dates as its reader writes them and a link to the task at `appUrl`. */
export function writeLetter(about: About, appUrl: string): Letter {
  const locale = knownLocale(about.locale)
  const due = dueText(about, locale)
  const late = about.late_seconds > lateAfterSeconds ? `late by ${duration(about.late_seconds)}` : undefined
  const link = new URL(`?task=${about.task_id}`, appUrl).href
  const subject = oneLine(`Reminder${late ? ` (${late})` : ''}: ${about.title}`, subjectLengthMax)
  return { subject, html: page({ title: about.title, due, late, link }) }
}

/**
 * The due date in the reader's zone and words. A time that is fixed to another zone is given there too.
 */
function dueText({ due_date, due_at, time_zone }: About, locale: string): string | undefined {
  if (due_date === null || due_at === null) return undefined
  const due = parseDue(due_date)
  if (due.kind === 'date') return due.date.toLocaleString(locale, { dateStyle: 'full' })
  const zone = isZone(time_zone) ? time_zone : 'UTC'
  const text = inZone(due_at, zone, locale)
  return due.kind === 'zoned' && due.zone !== zone ? `${text} (${inZone(due_at, due.zone, locale)})` : text
}

const inZone = (instant: string, zone: string, locale: string) =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toLocaleString(locale, {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })

/** The two largest units: 1 day, 2 hours. */
function duration(seconds: number): string {
  const units = [
    ['day', Math.floor(seconds / 86_400)],
    ['hour', Math.floor(seconds / 3_600) % 24],
    ['minute', Math.floor(seconds / 60) % 60],
    ['second', seconds % 60],
  ] as const
  const first = units.findIndex(([, count]) => count > 0)
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' and ')
}

/** Preferences are checked when they are set, but the mail has to go out whatever they hold. */
function knownLocale(locale: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** Without line breaks, control characters and marks that turn the writing direction around. */
function oneLine(text: string, lengthMax: number): string {
  const line = [...text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()]
  return line.length <= lengthMax
    ? line.join('')
    : `${line
        .slice(0, lengthMax - 1)
        .join('')
        .trimEnd()}…`
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (found) => entities[found]!)

type Content = { title: string; due: string | undefined; late: string | undefined; link: string }

/** Inline styles: mail programs know no others. */
const page = ({ title, due, late, link }: Content): string => `<!doctype html>
<html lang="en">
<body style="margin:0;padding:24px;background:#f5f5f4;color:#1c1917;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:0 auto;padding:24px;background:#ffffff;border-radius:12px">
<h1 style="margin:0 0 8px;font-size:20px;line-height:1.3;overflow-wrap:anywhere" dir="auto">${escape(title)}</h1>
${due === undefined ? '' : `<p style="margin:0 0 8px">Due: <strong>${escape(due)}</strong></p>\n`}${
  late === undefined ? '' : `<p style="margin:0 0 8px;color:#b91c1c">This reminder is ${escape(late)}.</p>\n`
}<p style="margin:16px 0 0"><a href="${escape(link)}" style="display:inline-block;padding:10px 16px;background:#1d4ed8;color:#ffffff;border-radius:8px;text-decoration:none">Open the task</a></p>
</div>
</body>
</html>
`
