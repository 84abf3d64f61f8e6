/** What nobody may do inside the cluster, either. */
import { expect, test } from 'vitest'
import { forward, inTodo, kubectl, list, podsOf } from './kubectl.ts'

async function dapr(pod: string): Promise<(path: string) => Promise<{ status: number; text: string }>> {
  const { host, port } = await forward('todo', `pod/${pod}`, 3500)
  return async (path) => {
    const reply = await fetch(`http://${host}:${port}/v1.0/${path}`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    return { status: reply.status, text: await reply.text() }
  }
}

test('the sidecar of the relay publishes events, but no dead letters, and sends no mail', async () => {
  const post = await dapr((await podsOf('outbox-relay'))[0]!)
  expect(await post('publish/pubsub/dead-letter')).toMatchObject({ status: 403 })
  expect((await post('bindings/smtp')).status).not.toBe(204)
  expect(await post('invoke/auth/method/x')).toMatchObject({ status: 404 })
  expect(await post('shutdown')).toMatchObject({ status: 404 })
})

test('nobody publishes by the sidecar of a trigger', async () => {
  const [pod] = await list('pods', 'app.kubernetes.io/name=task-statistics-trigger')
  const post = await dapr(pod!.metadata.name)
  expect(await post('publish/pubsub/task-created')).toMatchObject({ status: 404 })
})

test('no pod of ours may ask the API server anything', async () => {
  const accounts = await list('serviceaccounts', 'app.kubernetes.io/part-of=todo')
  expect(
    accounts.filter(
      (account) =>
        (account as { automountServiceAccountToken?: boolean }).automountServiceAccountToken !== false,
    ),
  ).toEqual([])
  const may = (verb: string, kind: string) =>
    kubectl(
      'auth',
      'can-i',
      verb,
      kind,
      '--namespace',
      'todo',
      '--as',
      'system:serviceaccount:todo:task-create',
    ).catch((error: { stdout: string }) => error.stdout)
  for (const [verb, kind] of [
    ['get', 'secrets'],
    ['list', 'pods'],
    ['create', 'pods'],
  ] as const) {
    expect((await may(verb, kind)).trim()).toBe('no')
  }
})

test('a pod that is not restricted is refused', async () => {
  const refused = await inTodo('run', 'root', '--image=registry.k8s.io/pause:3.10', '--dry-run=server').catch(
    (error: { stderr: string }) => error.stderr,
  )
  expect(refused).toContain('violates PodSecurity "restricted')
})
