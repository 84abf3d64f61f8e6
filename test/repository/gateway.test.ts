import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { problems, type ProblemBody } from '../../shared/contract/problem.ts'
import { pathsOf, read } from './files.ts'

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

test("routes, grant and policies look for Knative's ingress where the installation has it", () => {
  type Located = { metadata: { namespace: string } }
  const { namespace } = (parse(read('cluster/addons/knative/cluster-only.yaml')) as Located).metadata
  const { metadata } = parse(read('cluster/addons/gateway/grant.yaml')) as Located
  expect(metadata.namespace).toBe(namespace)

  const routes = pathsOf('knative/{routes,components/gateway}/*.yaml').map(read)
  const targets = routes.flatMap((text) => [...text.matchAll(/name: kourier-internal\n *namespace: (.*)/g)])
  expect(targets.length).toBeGreaterThan(1)
  expect(new Set(targets.map(([, target]) => target))).toEqual(new Set([namespace]))

  for (const policy of ['requests', 'triggers']) {
    const text = read(`knative/components/network-policies/${policy}.yaml`)
    expect(text).toContain(`kubernetes.io/metadata.name: ${namespace}\n`)
  }
})
