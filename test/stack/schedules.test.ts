/** What the cron binding does, and does not. */
import { afterEach, expect, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { component, resiliency, startApp, startDaprd, type App, type Daprd } from './sidecar.ts'

const running: (App | Daprd)[] = []
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await ('stop' in one ? one.stop() : one.close())
})

async function clock(answer: Parameters<typeof startApp>[0], resources: object[] = []): Promise<App> {
  const app = await startApp(answer)
  const cron = component('clock', 'bindings.cron', {
    schedule: '* * * * * *',
    route: '/schedules/test',
    direction: 'input',
  })
  const daprd = await startDaprd({
    appId: 'clock',
    app,
    resources: [cron, ...resources],
    env: { APP_API_TOKEN: 'the token' },
  })
  running.push(app, daprd)
  return app
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('six fields are every second; a tick is a POST with the app token, and no question comes before it', async () => {
  const app = await clock(() => ({ status: 200 }))
  await until(() => app.calls.length >= 3)
  expect(new Set(app.calls.map(({ method, path }) => `${method} ${path}`))).toEqual(
    new Set(['POST /schedules/test']),
  )
  expect(app.calls[0]!.headers['dapr-api-token']).toBe('the token')
  const gaps = app.calls.slice(1).map(({ at }, index) => at - app.calls[index]!.at)
  expect(Math.min(...gaps)).toBeGreaterThan(500)
})

test('a tick that fails is not repeated: the next one comes', async () => {
  const app = await clock(() => ({ status: 500 }))
  await until(() => app.calls.length >= 1)
  await sleep(700)
  expect(app.calls).toHaveLength(1)
  await until(() => app.calls.length >= 2)
})

test('with retries it would be repeated, so ticks have none', async () => {
  const app = await clock(
    () => ({ status: 500 }),
    [resiliency({ clock: { inbound: { retry: 'delivery' } } })],
  )
  await until(() => app.calls.length >= 3, 2_500)
  expect(app.calls[2]!.at - app.calls[0]!.at).toBeLessThan(900)
})

test('ticks overlap when one takes longer: a schedule guards itself', async () => {
  const app = await clock(() => ({ afterMs: 3_500 }))
  await until(() => app.calls.length >= 3)
  expect(app.calls[2]!.at - app.calls[0]!.at).toBeLessThan(3_400)
})
