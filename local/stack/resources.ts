/** The files of `dapr/` as the sidecars of one machine read them: the same, but for addresses and secrets. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'

const root = join(import.meta.dirname, '../../dapr')
const secretStore = 'local'

type Resource = {
  kind: string
  metadata: { name: string }
  spec: { type?: string; metadata?: { name: string; value?: string }[]; nameResolution?: object }
  auth?: { secretStore: string }
}

export type Addresses = {
  brokers: string
  /** `smtp://user:password@host:port`. */
  smtpUrl: string
}

const folders = ['components', 'subscriptions', 'resiliency', 'configuration']

/** Writes the folders of `dapr/` and `secrets.json` into the directory. */
export async function writeResources(directory: string, addresses: Addresses): Promise<void> {
  const secrets = join(directory, 'secrets.json')
  for (const folder of folders) {
    await rm(join(directory, folder), { recursive: true, force: true })
    await mkdir(join(directory, folder), { recursive: true })
    for (const file of await readdir(join(root, folder))) {
      if (file === 'kustomization.yaml') continue
      const resource = parse(await readFile(join(root, folder, file), 'utf8')) as Resource
      const text = stringify(overlay(resource, addresses), { lineWidth: 0 })
      await writeFile(join(directory, folder, file), text)
    }
  }
  await writeFile(secrets, JSON.stringify({ smtp: smtpSecret(addresses.smtpUrl) }), { mode: 0o600 })
  await writeFile(join(directory, 'components/secrets.yaml'), stringify(localSecrets(secrets)))
}

/** What is another address on one machine. */
function overlay(resource: Resource, { brokers }: Addresses): Resource {
  const { kind, spec, auth } = resource
  if (kind === 'Configuration') {
    // Without it daprd looks for names by multicast, on all interfaces. Nobody here asks for another app by its name.
    const nowhere = { component: 'nameformat', version: 'v1', configuration: { format: '{appid}.invalid' } }
    return { ...resource, spec: { ...spec, nameResolution: nowhere } }
  }
  if (kind === 'Component' && spec.type === 'pubsub.kafka') {
    const entries = spec.metadata!.map((entry) =>
      entry.name === 'brokers' ? { ...entry, value: brokers } : entry,
    )
    return { ...resource, spec: { ...spec, metadata: entries } }
  }
  return auth ? { ...resource, auth: { secretStore } } : resource
}

function smtpSecret(url: string): Record<string, string> {
  const { hostname, port, username, password } = new URL(url)
  return {
    host: hostname,
    port: port || '25',
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  }
}

/** `multiValued`: a secret is an object with keys, as Kubernetes has them. */
const localSecrets = (secretsFile: string) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Component',
  metadata: { name: secretStore },
  spec: {
    type: 'secretstores.local.file',
    version: 'v1',
    metadata: [
      { name: 'secretsFile', value: secretsFile },
      { name: 'multiValued', value: 'true' },
    ],
  },
})
