import { describe, expect, test } from 'vitest'
import { every, http, on, type FunctionSpec } from '../../functions/spec.ts'
import type { Topic } from '../../shared/contract/events.ts'
import { render } from '../../local/render/render.ts'
import { pathMatch } from '../../local/render/routes.ts'

const refusal = (...table: [name: string, row: FunctionSpec][]) => {
  try {
    render(table)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('a manifest is refused, with the row and the rule, when', () => {
  test.each<[string, [string, FunctionSpec][], RegExp]>([
    [
      'a topic is unknown',
      [['a', on('nonsense' as Topic, '')]],
      /a: the topic nonsense is not in shared\/contract\/events.ts/,
    ],
    [
      'nobody could send it again what it has no receipt of',
      [['a', on('task-created', '')]],
      /a: the topic a-redelivery is not in shared\/contract\/events.ts/,
    ],
    [
      'dead letters would go in circles',
      [['a', on('dead-letter-parked', '')]],
      /a: nobody consumes dead-letter-parked/,
    ],
    [
      'a name is too long',
      [['a'.repeat(41), http('GET', '/api/a', '')]],
      /a{41}: the name a{41} is longer than 40 characters/,
    ],
    [
      'the name of a trigger is too long',
      [['a'.repeat(33), every('* * * * * *', '')]],
      /the name a{33}-trigger is longer/,
    ],
    [
      'a name is taken by a part that is no function',
      [['postgres', http('GET', '/api/a', '')]],
      /postgres: something else is called so/,
    ],
    [
      'a name is taken by the trigger of another row',
      [
        ['a', every('* * * * * *', '')],
        ['a-trigger', http('GET', '/api/a', '')],
      ],
      /a-trigger: something else is called so/,
    ],
    [
      'no instance is allowed',
      [['a', on('task-created', '', { maxScale: 0 })]],
      /a: at most 0 instances, but it takes 1 or more/,
    ],
    [
      'a name is no host name',
      [['Task_create', http('GET', '/api/a', '')]],
      /Task_create: a name is lower-case/,
    ],
    [
      'a name is there twice',
      [
        ['a', http('GET', '/api/a', '')],
        ['a', http('GET', '/api/b', '')],
      ],
      /a: there are two/,
    ],
    [
      'a schedule has five fields',
      [['a', every('* * * * *', '')]],
      /a: the schedule \* \* \* \* \* has not six fields/,
    ],
    [
      'a path says more than a gateway can',
      [['a', http('GET', '/api/a/:id{[0-9]+}', '')]],
      /a: \/api\/a\/:id\{\[0-9\]\+\} is more than/,
    ],
    [
      'a path leads to where deliveries go',
      [['a', http('POST', '/events/b', '')]],
      /a: \/events\/b is public, so it begins with \/api\//,
    ],
    [
      'a sidecar has nothing to do',
      [['a', http('GET', '/api/a', '', { sidecar: true })]],
      /a: no component is scoped/,
    ],
    ['the relay has no sidecar', [['outbox-relay', every('* * * * * *', '')]], /outbox-relay: it publishes/],
    [
      'two rows take the same method and path',
      [
        ['a', http(['GET', 'POST'], '/api/x', '')],
        ['b', http('POST', '/api/x', '')],
      ],
      /b: POST \/api\/x takes requests of a \(\/api\/x\)/,
    ],
    [
      'two patterns differ only in the names of their parts',
      [
        ['a', http('GET', '/api/x/:id', '')],
        ['b', http('GET', '/api/x/:key', '')],
      ],
      /b: GET \/api\/x\/:key takes requests of a/,
    ],
    [
      'two patterns meet in one path',
      [
        ['a', http('GET', '/api/x/:id/y', '')],
        ['b', http('GET', '/api/x/z/:id', '')],
      ],
      /b: GET \/api\/x\/z\/:id takes requests of a/,
    ],
    [
      'a path is below a prefix of another row',
      [
        ['a', http('GET', '/api/x/*', '')],
        ['b', http('GET', '/api/x/y', '')],
      ],
      /b: GET \/api\/x\/y takes requests of a/,
    ],
    [
      'a pattern stands in front of the exact path that it hides',
      [
        ['a', http('GET', '/api/x/:id', '')],
        ['b', http('GET', '/api/x/y', '')],
      ],
      /b: GET \/api\/x\/y takes requests of a/,
    ],
  ])('%s', (_, table, rule) => {
    expect(refusal(...table)).toMatch(rule)
  })

  test('all broken rows are named at once', () => {
    expect(
      refusal(['A', http('GET', '/api/a', '')], ['B', http('GET', '/api/b', '')]).split('\n'),
    ).toHaveLength(3)
  })
})

describe('a manifest is taken when', () => {
  test.each<[string, [string, FunctionSpec][]]>([
    [
      'rows share a path but no method',
      [
        ['a', http('GET', '/api/x', '')],
        ['b', http('POST', '/api/x', '')],
      ],
    ],
    [
      'an exact path stands in front of a pattern',
      [
        ['a', http('GET', '/api/x/y', '')],
        ['b', http('GET', '/api/x/:id', '')],
      ],
    ],
    [
      'patterns differ in length',
      [
        ['a', http('GET', '/api/x/:id', '')],
        ['b', http('GET', '/api/x/:id/y', '')],
      ],
    ],
    [
      'a prefix only looks alike',
      [
        ['a', http('GET', '/api/x/*', '')],
        ['b', http('GET', '/api/xy', '')],
      ],
    ],
    ['a name is as long as it may be', [['a'.repeat(40), http('GET', '/api/a', '')]]],
  ])('%s', (_, table) => {
    expect(refusal(...table)).toBe('')
  })
})

describe('a path becomes', () => {
  test.each([
    ['/api/tasks', { type: 'Exact', value: '/api/tasks' }],
    ['/api/tasks/:task_id', { type: 'RegularExpression', value: '/api/tasks/[^/]+' }],
    ['/api/tasks/:task_id/complete', { type: 'RegularExpression', value: '/api/tasks/[^/]+/complete' }],
    ['/api/auth/*', { type: 'PathPrefix', value: '/api/auth' }],
  ])('%s', (path, match) => {
    expect(pathMatch(path)).toEqual(match)
  })
})
