/** The mail binding of one process: an SMTP server when there is one, else files to look at. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import { SendUnknown, type Mail } from '../shared/dapr/sidecar.ts'

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
    const { eml, envelope } = await compose(mail)
    const raw = Readable.from([eml])
    await transport.sendMail({ envelope, raw }).catch((error: Error & { responseCode?: number }) => {
      // Cut off after the whole text was handed over: the server may have taken it, and did not say.
      const isUnknown = raw.readableEnded && error.responseCode === undefined
      throw isUnknown
        ? new SendUnknown('The mail server took the text and did not answer.', { cause: error })
        : error
    })
  }
}

/** Writes each mail to `<directory>/<id>.eml`, as it would have been sent. */
export function fileMailer(directory: string): SendMail {
  return async (mail) => {
    const { eml } = await compose(mail)
    await mkdir(directory, { recursive: true })
    const path = join(directory, `${mail.id}.eml`)
    await writeFile(`${path}.part`, eml)
    await rename(`${path}.part`, path)
  }
}

const composer = createTransport({ streamTransport: true, buffer: true })

async function compose({ id, from, to, subject, html }: Mail) {
  const { message, envelope } = await composer.sendMail({
    messageId: `<${id}@todo>`,
    from,
    to,
    subject,
    html,
  })
  return { eml: message as Buffer, envelope }
}
