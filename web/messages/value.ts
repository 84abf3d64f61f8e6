import type { Translate } from './translate.ts'

const lengthMax = 80

/** The value of a field as text, in a history or beside another one. */
export function valueText(value: unknown, t: Translate): string {
  const text = Array.isArray(value)
    ? value.join(', ')
    : typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : ''
  return text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text || t('conflict.nothing')
}
