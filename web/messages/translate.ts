/** The words of the app in the reader's language. */
import { languageOf } from '../../shared/contract/language.ts'
import { createStore, useStore } from '../state/store.ts'
import { en, type Messages } from './en.ts'

export type MessageKey = keyof Messages
type Values = Record<string, string | number>

/** A language of ours, and the locale by which dates and numbers are written. */
export type Language = { locale: string; messages: Messages }

/** Told at every load of the profile: the same one again is no change. */
export const language = createStore<Language>(
  { locale: 'en', messages: en },
  (a, b) => a.locale === b.locale && a.messages === b.messages,
)

/** Takes the messages that fit a locale best, English where there are none; dates follow the locale itself. */
export async function speak(locale: string): Promise<void> {
  const known = knownLocale(locale)
  const wanted = languageOf(known)
  const messages = wanted === 'de' ? (await import('./de.ts')).de : en
  document.documentElement.lang = wanted
  language.set({ locale: known, messages })
}

/** A locale that `Intl` knows: some systems give names that are no language tags (`en-US@posix`). */
export function knownLocale(locale: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** A message with its `{values}`. One that has forms takes that of the number `n`. */
function say({ locale, messages }: Language, key: MessageKey, values: Values = {}): string {
  const message = messages[key]
  const text =
    typeof message === 'string'
      ? message
      : new Intl.PluralRules(locale).select(Number(values.n)) === 'one'
        ? message.one
        : message.other
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export type Translate = (key: MessageKey, values?: Values) => string

/** `t('task.complete', { title })` in the language of the moment. */
export function useT(): Translate {
  const current = useStore(language)
  return (key, values) => say(current, key, values)
}

/** The same outside of components. */
export const t: Translate = (key, values) => say(language.get(), key, values)
