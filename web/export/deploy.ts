/**
 * Puts web/dist into a bucket with the provider's own command, and has its CDN forget what it keeps:
 *
 *     npm run deploy:web -- gcs <bucket> --url-map <name>
 *     npm run deploy:web -- azure <storage account> --resource-group <name> --profile <name> --endpoint <name>
 *     npm run deploy:web -- spaces <bucket> --region <name> --cdn <id>
 *
 * `--dry-run` prints the commands only. Buckets have no rules for endings, so a page is stored under its address (`inbox`), too.
 */
import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { headersFor } from './headers.ts'

type Upload = { file: string; key: string; headers: Record<string, string> }
type Step = [command: string, ...args: string[]]

const dist = join(import.meta.dirname, '../dist')

/** Pages last, and the worker after them: whoever gets a new page finds everything that it asks for. */
const rank = (key: string) =>
  key.startsWith('_next/static/') ? 0 : key === 'worker.js' ? 3 : /\.|\//.test(key) ? 1 : 2

export function plan(files: string[]): Upload[] {
  return files
    .filter((path) => !/\.(br|gz)$/.test(path))
    .flatMap((file) => {
      const headers = headersFor(file)
      const page = file.endsWith('.html') ? [{ file, key: file.slice(0, -5), headers }] : []
      return [{ file, key: file, headers }, ...page]
    })
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.key < b.key ? -1 : 1))
}

const rankOf = ({ file, key }: Upload) => (file.endsWith('.html') ? 2 : rank(key))

/** What has to be named beside the bucket, by option. */
type Names = Record<string, string>
type Provider = {
  names: string[]
  put: (upload: Upload, bucket: string, names: Names) => Step
  purge: (names: Names) => Step
}

/** How each provider stores an object with its headers, and forgets what its CDN has kept. */
const providers: Record<string, Provider> = {
  gcs: {
    names: ['url-map'],
    put: ({ file, key, headers }, bucket) => [
      'gcloud',
      'storage',
      'cp',
      join(dist, file),
      `gs://${bucket}/${key}`,
      `--content-type=${headers['content-type']}`,
      `--cache-control=${headers['cache-control']}`,
    ],
    purge: (names) => [
      'gcloud',
      'compute',
      'url-maps',
      'invalidate-cdn-cache',
      names['url-map']!,
      '--path=/*',
    ],
  },
  azure: {
    names: ['resource-group', 'profile', 'endpoint'],
    put: ({ file, key, headers }, bucket) => [
      'az',
      'storage',
      'blob',
      'upload',
      '--overwrite',
      '--auth-mode',
      'login',
      '--account-name',
      bucket,
      '--container-name',
      '$web',
      '--file',
      join(dist, file),
      '--name',
      key,
      '--content-type',
      headers['content-type']!,
      '--content-cache-control',
      headers['cache-control']!,
    ],
    purge: (names) => [
      'az',
      'afd',
      'endpoint',
      'purge',
      '--resource-group',
      names['resource-group']!,
      '--profile-name',
      names['profile']!,
      '--endpoint-name',
      names['endpoint']!,
      '--content-paths',
      '/*',
    ],
  },
  spaces: {
    names: ['region', 'cdn'],
    put: ({ file, key, headers }, bucket, names) => [
      'aws',
      's3',
      'cp',
      join(dist, file),
      `s3://${bucket}/${key}`,
      '--endpoint-url',
      `https://${names['region']}.digitaloceanspaces.com`,
      '--acl',
      'public-read',
      '--content-type',
      headers['content-type']!,
      '--cache-control',
      headers['cache-control']!,
    ],
    purge: (names) => ['doctl', 'compute', 'cdn', 'flush', names['cdn']!, '--files', '*'],
  },
}

/** Every command of a deployment, in order. Throws for a provider that is not known, and for a name that is missing. */
export function steps(provider: string, bucket: string, names: Names, files: string[]): Step[] {
  const known = providers[provider]
  if (!known) throw new Error(`There is no ${provider}. Use one of ${Object.keys(providers).join(', ')}.`)
  const missing = known.names.filter((name) => !names[name]).map((name) => `--${name}`)
  if (missing.length > 0) throw new Error(`${provider} needs ${missing.join(', ')}, too.`)
  return [...plan(files).map((upload) => known.put(upload, bucket, names)), known.purge(names)]
}

/** What the command line asks for. Throws with what is wrong with it. */
function asked(): { commands: Step[]; dryRun: boolean } {
  const options = Object.values(providers).flatMap(({ names }) => names)
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean' },
      ...Object.fromEntries(options.map((name) => [name, { type: 'string' as const }])),
    },
  })
  const [provider = '', bucket = ''] = positionals
  const { 'dry-run': dryRun = false, ...names } = values
  const files = globSync('**/*', { cwd: dist }).filter((path) => statSync(join(dist, path)).isFile())
  if (!bucket || files.length === 0)
    throw new Error('Build first (npm run build:web), then name a provider and a bucket.')
  return { commands: steps(provider, bucket, names, files), dryRun }
}

if (import.meta.main) {
  try {
    const { commands, dryRun } = asked()
    for (const [command, ...args] of commands) {
      process.stdout.write(`${[command, ...args].join(' ')}\n`)
      if (dryRun) continue
      if (spawnSync(command, args, { stdio: 'inherit' }).status !== 0) process.exit(1)
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(1)
  }
}
