/**
 * `npm run secrets`: the secrets of `knative/overlays/local`, made once and kept there, out of version control. An installation
 * that others can reach gets its own from `knative/components/external-secrets`, or from whoever runs it.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '../stack/cache.ts'

const directory = join(import.meta.dirname, '../../knative/overlays/local/secrets')

/** Without `+`, `/` and `=`, so that it may stand in an address. */
const random = () => randomBytes(32).toString('base64url')

const password = random()

const secrets = {
  todo: { DATABASE_URL: `postgres://todo:${password}@postgres:5432/todo`, AUTH_SECRET: random() },
  postgres: { password },
  'app-token': { token: random() },
  // Of the component `own-mail`, which asks for neither user nor password.
  smtp: { host: 'mail', port: '1025', user: '', password: '' },
}

if (await exists(directory)) {
  process.stdout.write(`They are there already. To make others, remove ${directory}.\n`)
} else {
  // Together or not at all: the password of the database is in two of them.
  const part = await mkdtemp(`${directory}-`)
  for (const [name, values] of Object.entries(secrets)) {
    const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`)
    await writeFile(join(part, `${name}.env`), lines.join(''), { mode: 0o600 })
  }
  await rename(part, directory)
  process.stdout.write(`Made: ${Object.keys(secrets).join(', ')}.\n`)
}
