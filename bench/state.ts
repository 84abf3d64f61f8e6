/** What a cache in a state store behind Dapr would save: reads from it, beside the statements whose replies it would keep. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { freePort } from '../local/postgres.ts'
import { onPath } from '../local/stack/commands.ts'
import { findDaprd } from '../local/stack/daprd.ts'
import { readProfile } from '../shared/data/profile.ts'
import { closeDatabase, sql } from '../shared/data/sql.ts'
import { temporaryDirectory } from '../shared/testing/directory.ts'
import { signIn } from '../shared/testing/user.ts'
import { median, print } from './report.ts'
import { startDatabase } from './server.ts'

const reads = 1_500
/** Other people's, so that the planner sees the table that there would be. */
const otherUsers = 200
const fewTasks = 50
const manyTasks = 10_000

export async function state(): Promise<void> {
  const redis = await onPath('redis-server', 'valkey-server')
  if (!redis) {
    process.stdout.write('state    left out: neither redis-server nor valkey-server is on the path\n')
    return
  }
  const bench = await startDatabase()
  const store = await startStore(redis)
  try {
    const [few, many] = [await userWith(fewTasks), await userWith(manyTasks)]
    for (let other = 0; other < otherUsers; other++) await userWith(fewTasks)
    await sql`analyze`
    await store.save(few, await statistics(few))
    await compare(
      'the statistics of a user',
      () => store.read(few),
      () => statistics(few),
    )
    await compare(
      'profile, preferences and statistics',
      () => store.read(few),
      () => readProfile(few),
    )
    await compare(
      `the tags of ${fewTasks} tasks`,
      () => store.read(few),
      () => tags(few),
    )
    await compare(
      `the tags of ${manyTasks} tasks`,
      () => store.read(few),
      () => tags(many),
    )
    await compare(
      `the number of ${manyTasks} tasks`,
      () => store.read(few),
      () => total(many),
    )
  } finally {
    await store.stop()
    await closeDatabase()
    await bench.stop()
  }
}

/** Both in turn, read by read, so that what else the machine does slows either. Below one the cache saves something. */
async function compare(what: string, cached: () => Promise<unknown>, asked: () => Promise<unknown>) {
  const [cachedMs, askedMs]: [number[], number[]] = [[], []]
  for (let read = 0; read < reads; read++) {
    cachedMs.push(await timed(cached))
    askedMs.push(await timed(asked))
  }
  const [fromCache, fromPostgres] = [median(cachedMs), median(askedMs)]
  print({
    name: 'state',
    what: `${what}: cache ${fromCache.toFixed(2)} ms / Postgres ${fromPostgres.toFixed(2)} ms`,
    value: fromCache / fromPostgres,
    unit: 'x',
    goal: 1,
    better: 'lower',
  })
}

async function timed(read: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await read()
  return performance.now() - startedAt
}

const statistics = (user: string) => sql`
  select created, updated, completed, completed_on_time, deleted
  from task_statistics
  where user_id = ${user}`

const tags = (user: string) => sql`
  select tag as name, count(*) as open
  from tasks, unnest(tags) as tag
  where user_id = ${user} and status = 'open' and deleted_at is null
  group by tag
  order by open desc, tag
  limit 1000`

const total = (user: string) => sql`
  select count(*) as total
  from (select from tasks where user_id = ${user} and deleted_at is null limit 10000) as counted`

async function userWith(tasks: number): Promise<string> {
  const { id } = await signIn()
  await sql`
    insert into tasks (user_id, title, tags)
    select ${id}, 'bench', array['tag ' || position % 20, 'tag ' || position % 7]
    from generate_series(1, ${tasks}) as position`
  await sql`insert into task_statistics (user_id, created) values (${id}, ${tasks})`
  return id
}

/** A Redis of its own, and a sidecar in front of it. */
async function startStore(redis: string) {
  const directory = await temporaryDirectory()
  const [redisPort, http, grpc, internal] = await Promise.all(Array.from({ length: 4 }, freePort))
  const resources = join(directory.path, 'resources')
  await mkdir(resources)
  const component = {
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'cache' },
    spec: {
      type: 'state.redis',
      version: 'v1',
      metadata: [
        { name: 'redisHost', value: `127.0.0.1:${redisPort}` },
        { name: 'redisPassword', value: '' },
      ],
    },
  }
  await writeFile(join(resources, 'cache.yaml'), stringify(component))
  const { path } = await findDaprd((text) => process.stdout.write(`${text}\n`))
  const children: ChildProcess[] = [
    spawn(redis, ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
      cwd: directory.path,
      stdio: 'ignore',
    }),
  ]
  await sleep(500)
  const flags = {
    'app-id': 'bench',
    'dapr-http-port': http,
    'dapr-grpc-port': grpc,
    'dapr-internal-grpc-port': internal,
    'dapr-listen-addresses': '127.0.0.1',
    'enable-metrics': 'false',
    'resources-path': resources,
  }
  children.push(
    spawn(
      path,
      Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      { stdio: 'ignore' },
    ),
  )
  const url = `http://127.0.0.1:${http}/v1.0/state/cache`
  const ready = () =>
    fetch(`http://127.0.0.1:${http}/v1.0/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await ready())) await sleep(50)
  return {
    async save(key: string, value: unknown) {
      const body = JSON.stringify([{ key, value, metadata: { ttlInSeconds: '600' } }])
      await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    },
    async read(key: string): Promise<unknown> {
      const reply = await fetch(`${url}/${key}`)
      if (reply.status !== 200 || !reply.headers.get('etag'))
        throw new Error(`The cache answered ${reply.status}.`)
      return reply.json()
    },
    async stop() {
      for (const child of children.toReversed()) {
        child.kill()
        if (child.exitCode === null) await new Promise((ended) => child.once('exit', ended))
      }
      await directory.remove()
    },
  }
}
