import { expect, test } from 'vitest'
import { configure } from '../../../shared/runtime/config.ts'
import { checkStart } from '../../../shared/runtime/start.ts'
import './handler.ts'

const startWith = (secret: string) => {
  configure({ AUTH_SECRET: secret })
  try {
    checkStart()
    return 'served'
  } catch (error) {
    return (error as Error).message
  }
}

test.each([
  ['no secret', '', 'is not set'],
  ['a short one', 'Zq3hX8vK0pLr5tYw2uBn7mQc9sDf4gH', 'fewer than 32'],
  ['the sample of the library', 'better-auth-secret-12345678901234567890', 'sample'],
  ['a sample of a tutorial', 'change-me-change-me-change-me-change-me', 'sample'],
  ['one letter', 'a'.repeat(64), 'repeats'],
])('%s: the process refuses to serve, and does not show the value', (_, secret, reason) => {
  const message = startWith(secret)
  expect(message).toContain(reason)
  expect(message.includes(secret || 'served')).toBe(false)
})

test('a random one is taken', () => {
  expect(startWith('Zq3hX8vK0pLr5tYw2uBn7mQc9sDf4gHj')).toBe('served')
})

test('an external issuer needs none', () => {
  configure({ AUTH_JWKS_URL: 'https://issuer.example.org/jwks' })
  expect(startWith('')).toBe('served')
})
