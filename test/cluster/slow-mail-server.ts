/** Runs in the cluster: see `slow-mail.ts`. */
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

const msPerMail = Number(process.env['MS_PER_MAIL'])
const received: Record<string, number> = {}

new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  onData(stream, { envelope }, answer) {
    stream.resume()
    stream.once('end', () => {
      void sleep(msPerMail).then(() => {
        for (const { address } of envelope.rcptTo) received[address] = (received[address] ?? 0) + 1
        answer()
      })
    })
  },
}).listen(1025)
createServer((_, reply) => reply.end(JSON.stringify(received))).listen(8025, '127.0.0.1')
