/** The function table of the README. */
import type { FunctionSpec } from '../../functions/spec.ts'
import type { Table } from './table.ts'

const start = '<!-- functions:start -->'
const end = '<!-- functions:end -->'

/** The text with the table between its two markers. Throws when a marker is missing. */
export function withFunctionTable(readme: string, table: Table): string {
  const [before, rest] = readme.split(start)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined)
    throw new Error(`README.md: ${start} and ${end} are needed`)
  return `${before}${start}\n${functionTable(table)}${end}${after}`
}

function functionTable(table: Table): string {
  const lines = table.map(
    ([name, row]) => `| [\`${name}\`](${folderOf(name, row)}) | ${calledBy(row)} | ${row.does} |`,
  )
  return ['| function | called by | what it does |', '|---|---|---|', ...lines, ''].join('\n')
}

const folders = { http: 'http', event: 'events', schedule: 'schedules' }
const folderOf = (name: string, { trigger }: FunctionSpec) => `functions/${folders[trigger]}/${name}`

function calledBy(row: FunctionSpec): string {
  if (row.trigger === 'http') return `\`${row.methods.join(', ')} ${row.path}\``
  if (row.trigger === 'schedule') return `\`${row.cron}\``
  return row.topics.map((topic) => `\`${topic}\``).join(', ')
}
