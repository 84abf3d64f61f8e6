import { expect, test } from 'vitest'
import { remember, undoLast, undoStep } from './undo.ts'

test('a step is taken back after those that went on from it, and others stay', () => {
  const taken: string[] = []
  const step = (label: string, ...touched: string[]) =>
    remember({ label, undo: () => void taken.push(label), touched })
  const tuesday = step('Tuesday', 'a due_date')
  step('renamed', 'a title')
  step('another', 'b due_date')
  step('Wednesday', 'a due_date', 'a reminders')
  undoStep(tuesday)
  expect(taken).toEqual(['Wednesday', 'Tuesday'])
  undoStep(tuesday)
  expect([undoLast()?.label, undoLast()?.label, undoLast()]).toEqual(['another', 'renamed', undefined])
})
