/** Requests go on while parts of their way end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { eventually, kubectl } from './kubectl.ts'
import { measured, spread } from './measured.ts'
import { ask, findGateway, proxies, signUp } from './outside.ts'

const perSecond = 50

let gateway: Awaited<ReturnType<typeof findGateway>>
let headers: Record<string, string>
beforeAll(async () => {
  gateway = await findGateway()
  headers = { authorization: `Bearer ${await signUp(gateway)}` }
})

/** Asks all the time, each time over a new connection, while something is done, and for a while after. Answers what failed. */
async function during(what: string, work: () => Promise<void>): Promise<string[]> {
  const state = { over: false }
  const asked: Promise<{ failure?: string; ms: number }>[] = []
  const one = async () => {
    const startedAt = performance.now()
    const failure = await ask(gateway, 'GET', '/api/me', { headers }).then(
      ({ status, text }) => (status === 200 ? undefined : `${status} ${text}`),
      (error: Error) => error.message,
    )
    return { ...(failure && { failure }), ms: performance.now() - startedAt }
  }
  const flow = (async () => {
    while (!state.over) {
      asked.push(one())
      await sleep(1000 / perSecond)
    }
  })()
  await sleep(2_000)
  await work()
  await sleep(5_000)
  state.over = true
  await flow
  const answers = await Promise.all(asked)
  const failures = answers.flatMap(({ failure }) => failure ?? [])
  measured(what, `${failures.length} of ${answers.length} failed; ${spread(answers.map(({ ms }) => ms))}`)
  return failures
}

type Pod = { metadata: { name: string; namespace: string; deletionTimestamp?: string }; status: Status }
type Status = { conditions?: { type: string; status: string }[] }

async function readyProxies(): Promise<Pod[]> {
  const text = await kubectl('get', 'pods', '--all-namespaces', '--selector', proxies, '--output', 'json')
  return (JSON.parse(text) as { items: Pod[] }).items.filter(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp &&
      status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
  )
}

const bothReady = () =>
  eventually('two proxies are ready', async () => (await readyProxies()).length >= 2, 180_000)

async function endProxy(...options: string[]): Promise<void> {
  const [{ metadata }] = (await readyProxies()) as [Pod]
  await kubectl('delete', 'pod', '--namespace', metadata.namespace, metadata.name, '--wait=false', ...options)
  await sleep(2_000)
  await bothReady()
}

test('one of the two proxies is told to end: nobody notices', async () => {
  await bothReady()
  expect(await during('a proxy is told to end', () => endProxy())).toEqual([])
})

test('one of the two proxies is killed: at most what it was just answering is lost', async () => {
  await bothReady()
  const failures = await during('a proxy is killed', () => endProxy('--grace-period=0', '--force'))
  expect(failures.length).toBeLessThanOrEqual(3)
})

test("Knative's ingress is replaced: what did not reach it is sent again, and the rest is told to try again", async () => {
  const deployment = ['--namespace', 'kourier-system', 'deployment/3scale-kourier-gateway']
  const failures = await during('the ingress is replaced', async () => {
    await kubectl('rollout', 'restart', ...deployment)
    await kubectl('rollout', 'status', ...deployment, '--timeout=120s')
  })
  // How many depends on how it drains, which is Knative's.
  expect(failures.length).toBeLessThanOrEqual(10)
  expect(failures.filter((failure) => !failure.startsWith('503 {"type":"urn:todo:problem:'))).toEqual([])
})
