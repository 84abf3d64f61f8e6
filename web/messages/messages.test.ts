import { expect, test } from 'vitest'
import { events } from '../../shared/contract/events.ts'
import { de } from './de.ts'
import { en } from './en.ts'

const names = Object.keys(events).filter((name) => name.startsWith('task.'))

test.each(names)('the history has words for %s', (name) => {
  expect(en).toHaveProperty([`history.${name}`])
  expect(de).toHaveProperty([`history.${name}`])
})
