/** A mail server in the cluster that takes its time for every mail, and counts them. */
import { build } from 'esbuild'
import { imageOf } from '../../local/render/table.ts'
import { restricted } from '../../local/render/security.ts'
import { migration } from '../../local/render/images.ts'
import { apply, eventually, forward, inTodo, list, namespace } from './kubectl.ts'

const name = 'slow-mail'

export type SlowMail = {
  /** By address, how often a mail to it arrived. */
  received(): Promise<Map<string, number>>
  stop(): Promise<void>
}

/** Starts it, and lets the functions that start from now on send their mails there. */
export async function startSlowMail(msPerMail: number): Promise<SlowMail> {
  const { outputFiles } = await build({
    entryPoints: ['test/cluster/slow-mail-server.ts'],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    legalComments: 'none',
  })
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'todo-test' }
  const metadata = { name, namespace, labels }
  await inTodo('delete', 'pod', name, '--ignore-not-found')
  await apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'main.cjs': outputFiles[0]!.text } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'smtp', port: 1025 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'mail',
            // Any image of ours has the Node that it needs.
            image: imageOf(migration),
            args: ['/script/main.cjs'],
            env: [{ name: 'MS_PER_MAIL', value: String(msPerMail) }],
            readinessProbe: { tcpSocket: { port: 1025 }, periodSeconds: 1 },
            resources: { requests: { cpu: '5m', memory: '64Mi' } },
            securityContext: restricted,
            volumeMounts: [{ name: 'script', mountPath: '/script' }],
          },
        ],
        volumes: [{ name: 'script', configMap: { name } }],
      },
    },
  )
  await inTodo('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s')
  await sendMailsTo(name)
  const { host, port } = await forward(namespace, `pod/${name}`, 8025)
  return {
    received: async () =>
      new Map(
        Object.entries((await (await fetch(`http://${host}:${port}/`)).json()) as Record<string, number>),
      ),
    async stop() {
      await sendMailsTo('mail')
      await inTodo('delete', 'pod,service,configmap', name, '--wait=false')
    },
  }
}

/** Sidecars read their secrets at their start; so no instance may be left. */
async function sendMailsTo(host: string): Promise<void> {
  await inTodo('patch', 'secret', 'smtp', '--type=merge', '--patch', JSON.stringify({ stringData: { host } }))
  await eventually(
    'notification-email is at zero',
    async () => (await list('pods', 'serving.knative.dev/service=notification-email')).length === 0,
    240_000,
  )
}
