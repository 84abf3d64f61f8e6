import { localDue } from '../dates/due.ts'
import { dayInFull, timeWords } from '../dates/words.ts'
import { useToday } from '../state/here.ts'
import { useZone } from '../state/profile.ts'
import { useT } from './translate.ts'

const lengthMax = 80

/** The value of a field as text, in a history or beside another one. */
export function useValueText(): (field: string, value: unknown) => string {
  const t = useT()
  const zone = useZone()
  const today = useToday()

  function textOf(field: string, value: unknown): string {
    if (Array.isArray(value)) return value.join(', ')
    if (typeof value === 'number') return String(value)
    if (typeof value !== 'string') return ''
    if (field !== 'due_date') return value
    const { day, time } = localDue({ due_date: value, due_at: null }, zone)!
    return time === null ? dayInFull(day, today) : `${dayInFull(day, today)}, ${timeWords(time)}`
  }

  return (field, value) => {
    const text = textOf(field, value)
    return text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text || t('conflict.nothing')
  }
}
