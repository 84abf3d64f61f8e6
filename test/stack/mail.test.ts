/** Mails through the real binding and a real SMTP server: to whom they go, and what the ledger says when they do not. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import sendNotification from '../../functions/events/notification-email/handler.ts'
import { mailsIn, startMailServer, type MailServer } from '../../local/stack/mail-server.ts'
import { writeResources } from '../../local/stack/resources.ts'
import { daprd as client } from '../../shared/dapr/daprd.ts'
import { sql } from '../../shared/data/sql.ts'
import { configure } from '../../shared/runtime/config.ts'
import { useDatabase } from '../../shared/testing/database.ts'
import { callAs, eventOf } from '../../shared/testing/delivery.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../../shared/testing/directory.ts'
import { addNotification } from '../../shared/testing/notification.ts'
import { signIn } from '../../shared/testing/user.ts'
import { freeBlock } from './ports.ts'
import { startDaprd, type Daprd } from './sidecar.ts'

useDatabase()

let directory: TemporaryDirectory
let mails: string
let port: number
let server: MailServer | undefined
let daprd: Daprd

beforeAll(async () => {
  directory = await temporaryDirectory()
  port = await freeBlock(1)
})
afterAll(() => directory.remove())

beforeEach(async () => {
  mails = join(directory.path, randomUUID())
  server = await startMailServer(mails, port)
  daprd = await sidecarFor(server.url)
})
afterEach(async () => {
  await daprd.stop()
  await server?.stop()
})

/** The sidecar of `notification-email`, which this process is then. */
async function sidecarFor(smtpUrl: string): Promise<Daprd> {
  const files = join(directory.path, 'dapr')
  await writeResources(files, { brokers: inject('brokers'), smtpUrl })
  const started = await startDaprd({
    appId: 'notification-email',
    resourcesPaths: [join(files, 'components'), join(files, 'resiliency')],
    configFile: join(files, 'configuration/outbound.yaml'),
  })
  configure({
    DAPR_HTTP_PORT: String(started.port),
    MAIL_FROM: 'todo@example.org',
    APP_URL: 'https://todo.example',
  })
  return started
}

/** A server of any protocol. Answers how to close it. */
async function listen(at: number, talk: (socket: Socket) => void): Promise<() => Promise<void>> {
  const sockets: Socket[] = []
  const other = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    talk(socket)
  })
  await new Promise<void>((listening) => other.listen(at, '127.0.0.1', listening))
  return async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => other.close(closed))
  }
}

/** The mails that the server took, with the addresses that they really went to. */
async function kept() {
  const names = await mailsIn(mails, 1_000)
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(mails, name), 'utf8')
      const { html, subject, to, headers } = await PostalMime.parse(text)
      const recipients = headers.filter(({ key }) => key === 'delivered-to').map(({ value }) => value)
      const head = text.slice(0, text.indexOf('\r\n\r\n'))
      return { recipients, to: to?.map(({ address }) => address), subject, html: html ?? '', head }
    }),
  )
}

/** A planned delivery of a user of its own, and its event. */
async function planned(title: string) {
  const user = await signIn()
  await addNotification(user, { title })
  const [delivery] = await sql<[{ id: string; task_id: string }]>`
    select id, task_id from deliveries where user_id = ${user.id} and channel = 'email'`
  const event = eventOf('notification.email', {
    delivery_id: delivery.id,
    task_id: delivery.task_id,
    user_id: user.id,
    timestamp: '2026-01-01T00:00:00Z',
  })
  return { user, address: `${user.id}@example.org`, id: delivery.id, event, title }
}

const deliver = async (event: unknown) =>
  (await callAs(sendNotification, '/events/notification-email', event)).status

const ledger = async (id: string) => {
  const [delivery] = await sql`select state, reason, attempts from deliveries where id = ${id}`
  const attempts = await sql`select outcome from delivery_attempts where delivery_id = ${id} order by attempt`
  return { ...delivery, outcomes: attempts.map(({ outcome }) => outcome as string) }
}

test('of a hundred mails at once each reaches its own reader and nobody else, because they go one by one', async () => {
  let open = 0
  let most = 0
  const front = await freeBlock(1)
  const close = await listen(front, (socket) => {
    most = Math.max(most, ++open)
    const behind = connect(port, '127.0.0.1').on('error', () => {})
    socket.pipe(behind).pipe(socket)
    behind.once('close', () => open--)
  })
  await daprd.stop()
  daprd = await sidecarFor(`smtp://127.0.0.1:${front}`)
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, index) => planned(`Secret of ${index}, ${randomUUID()}`)),
  )
  expect(new Set(await Promise.all(all.map(({ event }) => deliver(event))))).toEqual(new Set([200]))
  await close()
  expect(most).toBe(1)
  const sent = await kept()
  expect(sent).toHaveLength(100)
  for (const { address, title } of all) {
    const own = sent.filter(({ recipients }) => recipients.includes(address))
    expect(own.map(({ recipients, to }) => [recipients, to])).toEqual([[[address], [address]]])
    expect(own[0]!.html).toContain(title)
    expect(own[0]!.subject).toContain(title)
  }
})

describe('what a user writes', () => {
  test('adds no header and no recipient, and is text in the mail', async () => {
    const title = 'Tea\r\nBcc: spy@example.org\r\n\r\n<script>alert(1)</script> & "more"'
    const { event, address } = await planned(title)
    expect(await deliver(event)).toBe(200)
    const [mail] = await kept()
    expect(mail!.recipients).toEqual([address])
    expect(mail!.head).not.toMatch(/^Bcc:/im)
    expect(mail!.html).not.toContain('<script>')
    expect(mail!.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;')
  })

  test('line breaks in a subject that got through all the same are no header', async () => {
    await client.sendMail(async () => ({
      id: 'x',
      from: 'todo@example.org',
      to: 'ada@example.org',
      subject: 'Tea\r\nBcc: spy@example.org',
      html: 'x',
    }))
    const [mail] = await kept()
    expect(mail!.recipients).toEqual(['ada@example.org'])
    expect(mail!.head).not.toMatch(/^Bcc:/im)
  })

  test.each([
    'ada@example.org;spy@example.org',
    'ada@example.org,spy@example.org',
    'ada@example.org\r\nRCPT TO:<spy@example.org>',
  ])('an address that is more than one is not sent to: %j', async (address) => {
    const { event, id, user } = await planned('Tea')
    await sql`update users set email = ${address} where id = ${user.id}`
    expect(await deliver(event)).toBe(200)
    expect(await kept()).toEqual([])
    expect(await ledger(id)).toMatchObject({ state: 'failed', attempts: 1 })
  })
})

describe('the binding, which is why a mail never has a copy and always every field', () => {
  const post = (metadata: Record<string, string>) =>
    daprd.post('v1.0/bindings/smtp', {
      operation: 'create',
      metadata: { emailFrom: 'a@example.org', subject: 's', ...metadata },
      data: 'x',
    })

  test('keeps the copies of one mail for the next', async () => {
    await post({ emailTo: 'one@example.org', emailCC: 'boss@example.org' })
    await post({ emailTo: 'two@example.org' })
    const second = (await kept()).find(({ recipients }) => recipients.includes('two@example.org'))
    expect(second!.recipients).toContain('boss@example.org')
  })

  test('takes ; in an address for a second one', async () => {
    await post({ emailTo: 'one@example.org;two@example.org' })
    expect((await kept())[0]!.recipients).toEqual(['one@example.org', 'two@example.org'])
  })
})

describe('a mail server that does not take it', () => {
  /** In the place of the mail server: does `talk` with whoever comes. Answers how to close it. */
  async function replaced(talk: (socket: Socket) => void): Promise<() => Promise<void>> {
    await server!.stop()
    server = undefined
    return listen(port, talk)
  }

  test('because it is away: the attempt is in the ledger, and the next one sends it', async () => {
    const { event, id } = await planned('Tea')
    await server!.stop()
    expect(await deliver(event)).toBe(500)
    expect(await ledger(id)).toMatchObject({ state: 'planned', attempts: 1, outcomes: ['failed'] })
    server = await startMailServer(mails, port)
    expect(await deliver(event)).toBe(200)
    expect(await ledger(id)).toMatchObject({ state: 'sent', attempts: 2, outcomes: ['failed', 'sent'] })
    expect(await kept()).toHaveLength(1)
  })

  test('because it refuses: its code is told, its words are not', async () => {
    const { event, id } = await planned('Tea')
    const close = await replaced((socket) => {
      socket.write('220 here\r\n')
      socket.on('data', (chunk) => {
        const said = chunk.toString()
        socket.write(said.startsWith('RCPT') ? '550 5.1.1 no such user at internal-host\r\n' : '250 ok\r\n')
      })
    })
    expect(await deliver(event)).toBe(500)
    expect(await ledger(id)).toMatchObject({
      state: 'planned',
      reason: 'The mail server answered 550.',
      outcomes: ['failed'],
    })
    await close()
  })

  test('because it says nothing: given up, marked as perhaps sent, and never sent a second time', async () => {
    const { event, id } = await planned('Tea')
    const close = await replaced(() => {})
    expect(await deliver(event)).toBe(200)
    expect(await ledger(id)).toMatchObject({ state: 'unknown', attempts: 1, outcomes: ['unknown'] })
    await close()
    server = await startMailServer(mails, port)
    expect(await deliver(event)).toBe(200)
    expect(await kept()).toEqual([])
  })
})
