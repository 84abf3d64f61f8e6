/** An SMTP server that keeps what it is given. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export type MailServer = { url: string; stop(): Promise<void> }

const mailBytesMax = 10_485_760

/**
 * Listens on `port` of the loopback interface and writes each mail to `<directory>/<instant>-<id>.eml`, with the addresses that
 * it was really sent from and to in front, as a mailbox has them.
 */
export async function startMailServer(directory: string, port: number): Promise<MailServer> {
  await mkdir(directory, { recursive: true })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: mailBytesMax,
    logger: false,
    onData(stream, session, answer) {
      const { mailFrom, rcptTo } = session.envelope
      const envelope = [
        `Return-Path: <${mailFrom ? mailFrom.address : ''}>`,
        ...rcptTo.map(({ address }) => `Delivered-To: ${address}`),
      ]
      buffer(stream)
        .then((text) => keep(directory, Buffer.concat([Buffer.from(`${envelope.join('\r\n')}\r\n`), text])))
        .then(() => answer(), answer)
    },
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', listening)
  })
  // A client that hangs up is no reason to end.
  server.on('error', () => {})
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function keep(directory: string, mail: Buffer): Promise<void> {
  const path = join(
    directory,
    `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}.eml`,
  )
  await writeFile(`${path}.part`, mail)
  await rename(`${path}.part`, path)
}

/** Names of the mails, newest first. */
export async function mailsIn(directory: string, limit: number): Promise<string[]> {
  const names = await readdir(directory).catch(() => [])
  return names
    .filter((name) => name.endsWith('.eml'))
    .toSorted()
    .toReversed()
    .slice(0, limit)
}
