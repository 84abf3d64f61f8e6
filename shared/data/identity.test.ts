import { describe, expect, test } from 'vitest'
import { occurrenceId, uuidV5 } from './identity.ts'

describe('the id of an occurrence', () => {
  test('is a UUID of version 5: the example of RFC 9562, appendix A.4', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    )
  })

  test('stays what it was ever since: another one would make every task a second time', () => {
    const series = '01890a5d-ac96-774b-bcce-b302099a8057'
    expect(occurrenceId(series, '2030-01-15T09:00:00')).toBe('e63c0204-4f31-5a49-8298-6e54c620611b')
    expect(occurrenceId(series, '2030-01-16T09:00:00')).not.toBe(occurrenceId(series, '2030-01-15T09:00:00'))
  })
})
