/** The mail binding of one process: an SMTP server when there is one, else files to look at. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Mail } from '../shared/dapr/sidecar.ts'

const timeoutMs = 10_000

export type SendMail = (mail: Mail) => Promise<void>

/** Sends through the server at `smtpUrl`. The mail's id is its Message-ID, so a receiver can tell a repeat. */
export function smtpMailer(smtpUrl: string): SendMail {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  })
  return async (mail) => {
    await transport.sendMail(message(mail))
  }
}

/** Writes each mail to `<directory>/<id>.eml`, as it would have been sent. */
export function fileMailer(directory: string): SendMail {
  const transport = createTransport({ streamTransport: true, buffer: true })
  return async (mail) => {
    const { message: eml } = await transport.sendMail(message(mail))
    await mkdir(directory, { recursive: true })
    const path = join(directory, `${mail.id}.eml`)
    await writeFile(`${path}.part`, eml as Buffer)
    await rename(`${path}.part`, path)
  }
}

const message = ({ id, from, to, subject, html }: Mail) => ({
  messageId: `<${id}@todo>`,
  from,
  to,
  subject,
  html,
})
