import { expect, test } from 'vitest'
import { languageOf } from './language.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE-de', 'de'],
  ['en-GB,en;q=0.9,de;q=0.8', 'en'],
  ['fr, de;q=0.8, en;q=0.5', 'de'],
  ['en;q=0.5, de;q=0.8', 'de'],
  ['de;q=0, fr', 'en'],
  ['den', 'en'],
  ['*', 'en'],
  ['en_US@posix', 'en'],
  [';;;,q=,de;q=x', 'en'],
])('%j asks for %s', (wanted, language) => expect(languageOf(wanted)).toBe(language))
