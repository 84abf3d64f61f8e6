/** The system on its real parts, with a proxy in front of Postgres and of Kafka, and every process within reach. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { startPostgres, type EmbeddedPostgres } from '../../local/postgres.ts'
import { startKafka } from '../../local/stack/kafka.ts'
import type { Part } from '../../local/stack/part.ts'
import type { Supervised } from '../../local/stack/processes.ts'
import { startStack } from '../../local/stack/stack.ts'
import { migrate } from '../../shared/data/migrate.ts'
import { configure } from '../../shared/runtime/config.ts'
import { freeBlock } from '../stack/ports.ts'
import { smallDisk } from './disk.ts'
import { startProxy, type Proxy } from './proxy.ts'

export type World = {
  url: string
  brokers: string
  /** Where the mail server keeps what it takes. */
  mailbox: string
  parts: Part[]
  /** Connected without the proxy: it sees what is there, whatever the fault. */
  sql: Sql
  databaseProxy: Proxy
  brokerProxy: Proxy
  kafka: Supervised
  /** The process of a part. */
  process(name: string): Supervised
  /** Ends the database server as `how` says, and starts it again. */
  restartDatabase(how: 'stop' | 'kill'): Promise<void>
  /** Moves the database's clock away from the machine's, for everybody. */
  setClock(offset: string): Promise<void>
  /** Takes what is left of the disk of the database; answers how to give it back. */
  fillDisk?(): Promise<() => Promise<void>>
  stop(): Promise<void>
}

const tell = (text: string) => process.stdout.write(`${text}\n`)

/** Starts everything below `directory`; the data of Postgres are on a disk that can be filled, if that is asked for. */
export async function startWorld(directory: string, hasSmallDisk = false): Promise<World> {
  const ports = await freeBlock(310)
  const [api, databasePort, brokerPort, kafkaPort] = [ports, ports + 1, ports + 2, ports + 3] as const
  const data = join(directory, 'postgres')
  const disk = hasSmallDisk ? await smallDisk(data) : undefined
  let server: EmbeddedPostgres = await startPostgres(data)
  const portOf = (url: string) => Number(new URL(url).port)
  const databaseProxy = await startProxy(databasePort, portOf(server.url('postgres')))
  const brokerProxy = await startProxy(brokerPort, kafkaPort)
  const kafka = await startKafka(join(directory, 'broker/kafka'), kafkaPort, tell, { advertised: brokerPort })
  const proxied = new URL(server.url('postgres'))
  proxied.port = String(databasePort)
  configure({
    PORT: String(api),
    HOST: '127.0.0.1',
    STACK_PORTS: String(ports + 10),
    KAFKA_BROKERS: kafka.brokers,
    DATABASE_URL: proxied.href,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    SIGN_IN_RATE_LIMIT: '100000',
    LOG_LEVEL: 'warn',
  })
  await migrate(server.url('postgres'))
  const settings = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']))
  const stack = await startStack({ directory, settings, appToken: randomBytes(24).toString('hex'), tell })
  const connectTo = () =>
    postgres(server.url('postgres'), { max: 2, onnotice: () => {}, connection: { TimeZone: 'UTC' } })
  const world: World = {
    url: `http://127.0.0.1:${api}`,
    brokers: `127.0.0.1:${kafkaPort}`,
    mailbox: join(directory, 'mail'),
    parts: stack.parts,
    sql: connectTo(),
    databaseProxy,
    brokerProxy,
    kafka: kafka.process!,
    process: (name) => stack.parts.find((part) => part.name === name)!.process!,
    async restartDatabase(how) {
      await world.sql.end({ timeout: 0 })
      await server[how]()
      server = await startPostgres(data)
      databaseProxy.target(portOf(server.url('postgres')))
      world.sql = connectTo()
    },
    async setClock(offset) {
      await world.sql.unsafe(`alter database postgres set todo.clock_offset = '${offset}'`)
      // Sessions that there are keep the old one.
      await world.sql`
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`
    },
    ...(disk && { fillDisk: () => disk.fill() }),
    async stop() {
      await world.sql.end({ timeout: 1 })
      await stack.stop()
      await kafka.process!.stop()
      await server.stop()
      await Promise.all([databaseProxy.close(), brokerProxy.close()])
      await disk?.remove()
    },
  }
  return world
}
