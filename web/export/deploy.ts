/**
 * `node web/export/deploy.ts <gcs|azure|spaces> <bucket> [--dry-run]`: puts web/dist into a bucket with the provider's own
 * command. Buckets have no rules for endings, so a page is stored under its address (`inbox`), too.
 */
import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
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

/** How each provider stores an object with its headers, and forgets what its CDN has kept. */
const providers: Record<
  string,
  { put: (upload: Upload, bucket: string) => Step; purge: (bucket: string) => Step }
> = {
  gcs: {
    put: ({ file, key, headers }, bucket) => [
      'gcloud',
      'storage',
      'cp',
      join(dist, file),
      `gs://${bucket}/${key}`,
      `--content-type=${headers['content-type']}`,
      `--cache-control=${headers['cache-control']}`,
    ],
    purge: (bucket) => ['gcloud', 'compute', 'url-maps', 'invalidate-cdn-cache', bucket, '--path=/*'],
  },
  azure: {
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
    purge: (bucket) => [
      'az',
      'afd',
      'endpoint',
      'purge',
      '--resource-group',
      bucket,
      '--profile-name',
      bucket,
      '--endpoint-name',
      bucket,
      '--content-paths',
      '/*',
    ],
  },
  spaces: {
    put: ({ file, key, headers }, bucket) => [
      'aws',
      's3',
      'cp',
      join(dist, file),
      `s3://${bucket}/${key}`,
      '--acl',
      'public-read',
      '--content-type',
      headers['content-type']!,
      '--cache-control',
      headers['cache-control']!,
    ],
    purge: (bucket) => ['doctl', 'compute', 'cdn', 'flush', bucket, '--files', '*'],
  },
}

/** Every command of a deployment, in order. Throws for a provider that is not known. */
export function steps(provider: string, bucket: string, files: string[]): Step[] {
  const known = providers[provider]
  if (!known) throw new Error(`There is no ${provider}. Use one of ${Object.keys(providers).join(', ')}.`)
  return [...plan(files).map((upload) => known.put(upload, bucket)), known.purge(bucket)]
}

if (import.meta.main) {
  const [provider = '', bucket = '', mode] = process.argv.slice(2)
  const files = globSync('**/*', { cwd: dist }).filter((path) => statSync(join(dist, path)).isFile())
  if (!bucket || files.length === 0) {
    process.stderr.write('Build first (node web/export/build.ts), then name a provider and a bucket.\n')
    process.exit(1)
  }
  for (const [command, ...args] of steps(provider, bucket, files)) {
    process.stdout.write(`${[command, ...args].join(' ')}\n`)
    if (mode === '--dry-run') continue
    if (spawnSync(command, args, { stdio: 'inherit' }).status !== 0) process.exit(1)
  }
}
