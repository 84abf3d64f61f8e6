import * as v from 'valibot'
import { text } from '../../../shared/contract/fields.ts'
import { channels, Profile } from '../../../shared/contract/profile.ts'
import { isZone, knownZone } from '../../../shared/recurrence/due.ts'

/** BCP 47. Any tag that is well formed: what Intl does not know it shows in English. */
const Locale = v.pipe(
  text(35),
  v.check(isLocale, 'Use a language tag, such as en or de-AT.'),
  v.transform((tag) => Intl.getCanonicalLocales(tag)[0]!),
)

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

const TimeOfDay = v.string('Give a time as text, such as 09:00.')

/** What is absent stays. */
export const Body = v.strictObject({
  name: v.exactOptional(v.pipe(text(200), v.trim(), v.minLength(1, 'Give a name of 1 to 200 characters.'))),
  time_zone: v.exactOptional(
    v.pipe(
      v.string('Give the name of a time zone, such as Europe/Berlin.'),
      v.check(isZone, 'There is no such time zone. Use a name of the IANA database, such as Europe/Berlin.'),
      v.transform((zone) => knownZone(zone)),
    ),
  ),
  locale: v.exactOptional(Locale),
  week_start: v.exactOptional(v.picklist([1, 2, 3, 4, 5, 6, 7], 'Use 1 (Monday) to 7 (Sunday).')),
  reminder_time: v.exactOptional(
    v.pipe(TimeOfDay, v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Use a time from 00:00 to 23:59.')),
  ),
  day_start: v.exactOptional(
    v.pipe(TimeOfDay, v.regex(/^(?:(?:0\d|1[01]):[0-5]\d|12:00)$/, 'Use a time from 00:00 to 12:00.')),
  ),
  channels: v.exactOptional(
    v.pipe(
      v.array(v.picklist(channels, 'Use in_app or email.'), 'Give a list of channels.'),
      v.check((given) => new Set(given).size === given.length, 'A channel is given twice.'),
      v.includes('in_app', 'Keep in_app: it is the record of what was announced.'),
      v.transform((given) => channels.filter((channel) => given.includes(channel))),
    ),
  ),
})

/** `replanned`: how many open tasks are due, or reminded of, at another instant now. */
export const Reply = v.strictObject({ ...Profile.entries, replanned: v.number() })
