/** The one place where an error code becomes a sentence. */
import { ApiError } from '../api/error.ts'
import { language, t, type MessageKey } from './translate.ts'

/** What went wrong and what to do, for a person. */
export function sentence(error: ApiError): string {
  const key = `error.${error.code}` as MessageKey
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000)
  if (error.code === 'too_many_requests') return t('error.too_many_requests', { seconds: seconds || 60 })
  return key in language.get().messages ? t(key) : t('error.internal')
}

/** The rule of each wrong field, by field. The API explains them in English; other languages name the usual ones themselves. */
export function fieldSentences(error: ApiError): Record<string, string> {
  const { messages } = language.get()
  return Object.fromEntries(
    error.errors.map(({ field, message }) => {
      const key = `rule.${field}` as MessageKey
      return [field, key in messages && !language.get().locale.startsWith('en') ? t(key) : message]
    }),
  )
}
