/** What `auto_explain` tells of the statements that ran: each scan of a table or index, with the rows that it touched. */

type Node = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: Node[]
}

export type Scan = { type: string; target: string; rows: number }

/** The scans in the notices of a session; those of the catalogue are left out. */
export function scansOf(notices: { message?: string }[]): Scan[] {
  const plans = notices.flatMap(({ message = '' }) => {
    const json = /^duration: .* plan:\s*(\{[^]*\})\s*$/.exec(message)?.[1]
    return json === undefined ? [] : [(JSON.parse(json) as { Plan: Node }).Plan]
  })
  if (plans.length === 0) throw new Error('No plan was seen: the session has no auto_explain.')
  return plans.flatMap(nodesOf).flatMap((node) => {
    const type = node['Node Type']
    const target = node['Index Name'] ?? node['Relation Name']
    if (target === undefined || !type.includes('Scan') || target.startsWith('pg_')) return []
    const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
    return [{ type, target, rows: (node['Actual Rows'] + removed) * node['Actual Loops'] }]
  })
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]
