/** The page of the stack: each part with its version, its address, and whether it is ready or why not. */
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { mailsIn } from './mail-server.ts'
import type { Part } from './part.ts'

export type Status = Omit<Part, 'problem' | 'process'> & {
  ready: boolean
  problem: string
  pid: number | null
  restarts: number
}

const mailsShown = 20

/** What is known of each part now. */
const statusOf = (parts: Part[]): Promise<Status[]> =>
  Promise.all(
    parts.map(async (part) => {
      const { name, version, address, process } = part
      const problem = await part.problem()
      const pid = process?.pid() ?? null
      return { name, version, address, ready: !problem, problem, pid, restarts: process?.restarts() ?? 0 }
    }),
  )

/** Serves the page on `port` of the loopback interface: `/` for people, `/status.json` for programs. */
export async function servePage(
  port: number,
  { url, directory, parts }: { url: string; directory: string; parts: () => Part[] },
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (request.method !== 'GET' || (path !== '/' && path !== '/status.json')) {
      response.writeHead(404).end('GET / or /status.json\n')
      return
    }
    void statusOf(parts()).then(async (status) => {
      response.setHeader('cache-control', 'no-store')
      response.setHeader('x-content-type-options', 'nosniff')
      if (path === '/status.json') {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(status))
        return
      }
      const mails = await mailsIn(join(directory, 'mail'), mailsShown)
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html(url, directory, status, mails))
    })
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', listening)
  })
  return server
}

const html = (url: string, directory: string, status: Status[], mails: string[]): string => {
  const missing = status.filter(({ ready }) => !ready).length
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>${missing === 0 ? 'All ready' : `${missing} not ready`}</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #8884; vertical-align: top }
  td.problem { color: light-dark(#b91c1c, #fca5a5); font-weight: 600 }
</style>
<h1>${missing === 0 ? 'All parts are ready' : `${missing} of ${status.length} parts are not ready`}</h1>
<p>The task manager: <a href="${escape(url)}">${escape(url)}</a>. Logs: <code>${escape(join(directory, 'stack/logs'))}</code></p>
<table>
<thead><tr><th>part<th>version<th>address<th>state<th>process<th>restarts</thead>
<tbody>
${status.map(row).join('\n')}
</tbody>
</table>
<h2>Mails</h2>
${mails.length === 0 ? '<p>None yet.</p>' : `<ul>${mails.map((name) => `<li><code>${escape(join(directory, 'mail', name))}</code>`).join('')}</ul>`}
</html>
`
}

const row = ({ name, version, address, ready, problem, pid, restarts }: Status): string =>
  `<tr><th scope="row">${escape(name)}<td>${escape(version)}<td>${escape(address)}<td${ready ? '' : ' class="problem"'}>${escape(ready ? 'ready' : problem)}<td>${pid ?? ''}<td>${restarts}`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (found) => entities[found]!)
