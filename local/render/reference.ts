/** The reference pages that are made from code. */
import { problems } from '../../shared/contract/problem.ts'
import { describeSettings, type Section } from '../../shared/runtime/config.ts'
import { sectionsOf, sources } from './settings.ts'
import type { File, Table } from './table.ts'

const header = (source: string) =>
  `<!-- Generated from ${source} by \`npm run generate\`. Do not edit. -->\n\n`

const titles: Record<Section, string> = {
  database: 'Database',
  auth: 'Sign-in and tokens',
  http: 'Server',
  dapr: 'Dapr',
  mail: 'Mail',
  log: 'Logs',
  embedded: 'One machine',
  stack: 'The stack',
  limits: 'Limits',
}

/** `docs/configuration.md`: every setting, what it does, what its absence means, and where a cluster takes it from. */
export function configurationPage(table: Table): File {
  const settings = describeSettings()
  const sections = [...new Set(settings.map(({ section }) => section))].map((section) => {
    const rows = settings
      .filter((setting) => setting.section === section)
      .map(({ name, description }) => `| \`${name}\` | ${cell(description)} | ${placeOf(section, name)} |`)
    return `## ${titles[section]}\n\n${readBy(section, table)}\n\n| setting | what it does | in a cluster |\n|---|---|---|\n${rows.join('\n')}\n`
  })
  const intro =
    '# Configuration\n\nEvery setting is an environment variable. An empty one means the same as a missing one. A wrong one ends the start with a\n' +
    'sentence that names it. A function reads only what it needs, so only that is given to it.\n\n'
  return ['docs/configuration.md', header('shared/runtime/config.ts') + intro + sections.join('\n')]
}

function readBy(section: Section, table: Table): string {
  const readers = table.filter(([name, row]) => sectionsOf(name, row).includes(section)).map(([name]) => name)
  if (readers.length === table.length) return 'Read by every function.'
  if (section === 'stack') return 'Read by `npm run stack` alone.'
  if (readers.length === 0) return 'Read by `npm start` and `npm run stack` alone.'
  const http = table.filter(([, row]) => row.trigger === 'http')
  if (readers.length === http.length && http.every(([name]) => readers.includes(name)))
    return 'Read by every HTTP function.'
  if (readers.length > 3) return 'Read by every event and schedule function.'
  return `Read by ${readers.map((name) => `\`${name}\``).join(' and ')}.`
}

function placeOf(section: Section, name: string): string {
  const source = sources[section][name]
  if (source === undefined || source === 'local') return 'not set'
  if (source === 'platform') return 'set by the platform'
  return 'secret' in source
    ? `Secret \`${source.secret}\`, key \`${source.key}\``
    : `ConfigMap \`${source.configMap}\``
}

/** `docs/problems.md`: the closed list of errors. */
export function problemsPage(): File {
  const rows = Object.entries(problems).map(
    ([code, [status, title]]) => `| \`${code}\` | ${status} | ${title} |`,
  )
  const intro =
    '# Problems\n\nEvery error reply is a problem document (RFC 9457), media type `application/problem+json`, with one of these codes as `code` and\n' +
    '`urn:todo:problem:<code>` as `type`. `detail` says what was wrong with this request and how to mend it, `errors` names each wrong\n' +
    'field, `request_id` finds the request in the logs.\n\n'
  const page = `${intro}| code | status | title |\n|---|---|---|\n${rows.join('\n')}\n`
  return ['docs/problems.md', header('shared/contract/problem.ts') + page]
}

/** A bar would end the cell. */
const cell = (text: string) => text.replaceAll('|', '\\|')
