import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { problems, type ProblemBody } from '../../shared/contract/problem.ts'
import { read } from './files.ts'

const component = (file: string) => parse(read(`knative/components/gateway/${file}.yaml`)) as { spec: object }

type Answer = {
  statusCode?: number
  contentType: string
  header: { set: { name: string; value: string }[] }
  body: { inline: string }
}
type Override = {
  source: string
  match: { statusCodes: { value?: number; range?: { start: number } }[] }
  response: Answer
}

const { cors } = parse(read('knative/routes/cors.yaml')).spec as { cors: { allowOrigins: string[] } }
const [origin] = cors.allowOrigins
const { responseOverride } = component('limits').spec as { responseOverride: Override[] }
const { directResponse } = component('not-found').spec as { directResponse: Required<Answer> }

describe('what the gateway refuses itself is a problem of the contract', () => {
  const overrides = responseOverride.map(({ match, response }) => {
    const [{ value, range } = {}] = match.statusCodes
    return [response.statusCode ?? value ?? range!.start, response] as const
  })

  test.each([[directResponse.statusCode, directResponse] as const, ...overrides])('%i', (status, answer) => {
    const body = JSON.parse(answer.body.inline) as ProblemBody
    const headers = Object.fromEntries(answer.header.set.map(({ name, value }) => [name, value]))
    // A page of the app may read it; the overlay's origin is put in by the name of the header.
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    })
    expect(answer.contentType).toBe('application/problem+json')
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'detail', 'code', 'request_id'])
    expect([body.status, body.title]).toEqual(problems[body.code])
    expect(body).toMatchObject({
      status,
      type: `urn:todo:problem:${body.code}`,
      request_id: '%REQ(X-REQUEST-ID)%',
    })
  })

  test('and what a function refuses passes', () => {
    expect(new Set(responseOverride.map(({ source }) => source))).toEqual(new Set(['Local']))
  })
})
