import { expect, test } from 'vitest'
import { destination } from './destination.ts'

const origin = 'https://todo.example.org'

test.each([
  ['/inbox', '/inbox'],
  ['/tags?tag=a%2Fb', '/tags?tag=a%2Fb'],
  ['/?task=1#x', '/?task=1'],
  ['done', '/done'],
  [`${origin}/inbox`, '/inbox'],
])('%s is within the app', (to, path) => {
  expect(destination(to, origin)).toBe(path)
})

test.each([
  null,
  '',
  'https://evil.example/x',
  '//evil.example/x',
  '/.//evil.example/x',
  '/..//evil.example/x',
  '/.\\/evil.example/x',
  '/\\evil.example/x',
  '/\t/evil.example/x',
  `${origin}//evil.example/x`,
  'https://todo.example.org@evil.example/',
  'javascript:alert(1)',
  `blob:${origin}/x`,
  'http://[',
])('%s leads to the first view', (to) => {
  expect(destination(to, origin)).toBe('/')
})
