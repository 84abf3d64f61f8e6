/** What a change of a series does, in words. */
import type { EditEffect } from '../contract/recurring-task.ts'
import type { Language } from '../contract/language.ts'

type Count = Exclude<keyof EditEffect, 'summary'>

/** For one, and for more. */
const words: Record<Language, Record<Count, readonly [string, string]> & { nothing: string }> = {
  en: {
    dates_changed: ['future date changes', 'future dates change'],
    tasks_changed: ['open task changes', 'open tasks change'],
    tasks_cancelled: ['open task is cancelled', 'open tasks are cancelled'],
    reminders_cancelled: ['reminder is cancelled', 'reminders are cancelled'],
    overrides_kept: ['override kept', 'overrides kept'],
    conflicts: [
      'changed task stays without a date of the rule',
      'changed tasks stay without a date of the rule',
    ],
    nothing: 'Nothing changes',
  },
  de: {
    dates_changed: ['künftiger Termin ändert sich', 'künftige Termine ändern sich'],
    tasks_changed: ['offene Aufgabe ändert sich', 'offene Aufgaben ändern sich'],
    tasks_cancelled: ['offene Aufgabe entfällt', 'offene Aufgaben entfallen'],
    reminders_cancelled: ['Erinnerung entfällt', 'Erinnerungen entfallen'],
    overrides_kept: ['eigene Änderung bleibt', 'eigene Änderungen bleiben'],
    conflicts: [
      'geänderte Aufgabe bleibt, ohne Termin der Regel',
      'geänderte Aufgaben bleiben, ohne Termine der Regel',
    ],
    nothing: 'Nichts ändert sich',
  },
}

/** "14 future dates change, 3 reminders are cancelled". */
export function effectWords(effect: Omit<EditEffect, 'summary'>, language: Language): string {
  const { nothing, ...known } = words[language]
  const parts = Object.entries(known).flatMap(([name, [one, more]]) => {
    const value = effect[name as Count]
    const count = typeof value === 'number' ? value : value.length
    return count === 0 ? [] : [`${count.toLocaleString(language)} ${count === 1 ? one : more}`]
  })
  return parts.join(', ') || nothing
}
