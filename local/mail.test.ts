/** The mailers, on a server that speaks SMTP as far as it is told to. */
import { readFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { SendUnknown } from '../shared/dapr/sidecar.ts'
import { temporaryDirectory } from '../shared/testing/directory.ts'
import { fileMailer, smtpMailer } from './mail.ts'

const mail = {
  id: 'one',
  to: 'ada@example.org',
  from: 'todo@example.org',
  subject: 'Tea',
  html: '<p>Tea</p>',
}

type Answers = { recipient?: string; text?: (socket: Socket) => void }

let close = async () => {}
afterEach(() => close())

/** A server that answers each command; `recipient` and `text` (what follows after DATA) as told. */
async function smtpServer({
  recipient = '250 ok',
  text = (socket) => socket.write('250 kept\r\n'),
}: Answers) {
  const received: string[] = []
  const server = createServer((socket) => {
    let inText = false
    socket.write('220 here\r\n')
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const said = chunk.toString()
      received.push(said)
      if (inText) {
        if (said.includes('\r\n.\r\n')) text(socket)
      } else if (said.startsWith('DATA')) {
        inText = true
        socket.write('354 go on\r\n')
      } else if (said.startsWith('RCPT')) socket.write(`${recipient}\r\n`)
      else socket.write('250 ok\r\n')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  close = () => new Promise((closed) => server.close(() => closed()))
  return { url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`, received }
}

describe('through a server', () => {
  test('the mail arrives with an id that tells a repeat', async () => {
    const { url, received } = await smtpServer({})
    await smtpMailer(url)(mail)
    expect(received.join('')).toContain('Message-ID: <one@todo>')
    expect(received.join('')).toContain('To: ada@example.org')
  })

  test('a refusal is an error with the answer of the server: it was not sent', async () => {
    const { url } = await smtpServer({ recipient: '550 no such mailbox' })
    const sent = smtpMailer(url)(mail)
    await expect(sent).rejects.toThrow(/550 no such mailbox/)
    await expect(sent).rejects.not.toBeInstanceOf(SendUnknown)
  })

  test('a refused text is known not to be sent, too', async () => {
    const { url } = await smtpServer({ text: (socket) => socket.write('554 spam\r\n') })
    const sent = smtpMailer(url)(mail)
    await expect(sent).rejects.toThrow(/554 spam/)
    await expect(sent).rejects.not.toBeInstanceOf(SendUnknown)
  })

  test('a server that goes silent after the text may have taken it', async () => {
    const { url } = await smtpServer({ text: (socket) => socket.destroy() })
    await expect(smtpMailer(url)(mail)).rejects.toBeInstanceOf(SendUnknown)
  })

  test('no server at all: it was not sent', async () => {
    const sent = smtpMailer('smtp://127.0.0.1:1')(mail)
    await expect(sent).rejects.toThrow(/ECONNREFUSED/)
    await expect(sent).rejects.not.toBeInstanceOf(SendUnknown)
  })
})

describe('to a directory', () => {
  test('a mail is a file under its id, and sending it again is the same file', async () => {
    const directory = await temporaryDirectory()
    const send = fileMailer(directory.path)
    await send(mail)
    await send(mail)
    expect(await readFile(join(directory.path, 'one.eml'), 'utf8')).toContain('Subject: Tea')
    await directory.remove()
  })
})
