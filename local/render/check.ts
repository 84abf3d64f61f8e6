/** What no manifest may say. */
import type { FunctionSpec, HttpSpec } from '../../functions/spec.ts'
import { redeliveryOf, topics } from '../../shared/contract/events.ts'
import { mailer, publisher } from './components.ts'
import { migration } from './images.ts'
import { scaleOf } from './scale.ts'
import { subscriptionsOf } from './subscriptions.ts'
import {
  deadLetterTopic,
  eventRows,
  httpRows,
  parkedTopic,
  scheduleRows,
  triggerOf,
  type Table,
} from './table.ts'

/** Knative makes names of pods out of ours, with up to 23 characters more; Kubernetes takes 63. */
const nameLengthMax = 40

/** Throws an error with every row that breaks a rule, and the rule. */
export function check(table: Table): void {
  const broken = [
    ...table.flatMap(([name, row]) => [...names(name, row), ...sidecars(name, row)]),
    ...twice(table),
    ...taken(table),
    ...paths(table),
    ...topicsOf(table),
    ...crons(table),
    ...scales(table),
    ...overlaps(table),
  ]
  if (broken.length > 0) throw new Error(`functions/manifest.ts:\n  ${broken.join('\n  ')}`)
}

function names(name: string, row: FunctionSpec): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return [`${name}: a name is lower-case words and digits with single hyphens between them`]
  }
  const derived = [
    name,
    ...(row.trigger === 'http' ? [] : [triggerOf(name)]),
    ...(row.trigger === 'event' ? subscriptionsOf(name, row).map(({ metadata }) => metadata.name) : []),
  ]
  return derived
    .filter(({ length }) => length > nameLengthMax)
    .map((long) => `${name}: the name ${long} is longer than ${nameLengthMax} characters`)
}

function sidecars(name: string, row: FunctionSpec): string[] {
  const needed = name === publisher || name === mailer
  if (row.sidecar && !needed)
    return [`${name}: no component is scoped to its sidecar; name it in local/render/components.ts`]
  return needed && !row.sidecar ? [`${name}: it publishes or sends mail, so it needs \`sidecar: true\``] : []
}

const twice = (table: Table): string[] =>
  table
    .filter(([name], index) => table.findIndex(([other]) => other === name) < index)
    .map(([name]) => `${name}: there are two of this name`)

/** What else has a name of its own in the namespace: images, and Services beside which no function could have its own. */
const others = [migration, 'postgres', 'mail', 'redpanda']

const taken = (table: Table): string[] => {
  const triggers = table.filter(([, { trigger }]) => trigger !== 'http').map(([name]) => triggerOf(name))
  return table
    .filter(([name]) => others.includes(name) || triggers.includes(name))
    .map(([name]) => `${name}: something else is called so`)
}

const scales = (table: Table): string[] =>
  table.flatMap(([name, row]) => {
    const { min, max } = scaleOf(row)
    return max < Math.max(1, min) || !Number.isInteger(max)
      ? [`${name}: at most ${max} instances, but it takes ${Math.max(1, min)} or more`]
      : []
  })

/** Functions answer probes, deliveries and ticks at other paths: a public path may never lead there. */
const publicPrefix = '/api/'

const paths = (table: Table): string[] =>
  httpRows(table).flatMap(([name, { path }]) => {
    const plain = /^(\/(:\w+|[a-z0-9-]+))+(\/\*)?$/.test(path) && !(path.includes(':') && path.endsWith('/*'))
    return [
      ...(plain ? [] : [`${name}: ${path} is more than words, \`:id\` segments or a final \`/*\``]),
      ...(path.startsWith(publicPrefix)
        ? []
        : [`${name}: ${path} is public, so it begins with ${publicPrefix}`]),
    ]
  })

const topicsOf = (table: Table): string[] =>
  eventRows(table).flatMap(([name, row]) => [
    ...(redeliveryOf(name) || row.topics.includes(deadLetterTopic)
      ? []
      : [`${name}: the topic ${name}-redelivery is not in shared/contract/events.ts`]),
    ...row.topics.flatMap((topic) => {
      if (!Object.hasOwn(topics, topic))
        return [`${name}: the topic ${topic} is not in shared/contract/events.ts`]
      return topic === parkedTopic
        ? [`${name}: nobody consumes ${topic}, or dead letters would go in circles`]
        : []
    }),
  ])

const crons = (table: Table): string[] =>
  scheduleRows(table)
    .filter(([, { cron }]) => cron.split(' ').length !== 6)
    .map(([name, { cron }]) => `${name}: the schedule ${cron} has not six fields, seconds first`)

/**
 * Two routes that take the same request: gateways and `npm start` would choose differently, and a gateway says nothing. The
 * one exception both agree on: an exact path in front of a pattern.
 */
function overlaps(table: Table): string[] {
  const all = httpRows(table)
  return all.flatMap(([name, row], index) =>
    all.slice(index + 1).flatMap(([later, other]) => {
      const method = row.methods.find((own) => other.methods.includes(own))
      if (!method || !meet(row.path, other.path) || (isExact(row) && !isExact(other))) return []
      return [`${later}: ${method} ${other.path} takes requests of ${name} (${row.path})`]
    }),
  )
}

const isExact = ({ path }: HttpSpec) => !path.includes(':') && !path.endsWith('/*')

/** Whether some path fits both patterns. */
function meet(one: string, other: string): boolean {
  const [a, b] = [one.split('/'), other.split('/')]
  for (let index = 0; ; index++) {
    const [left, right] = [a[index], b[index]]
    if (left === '*' || right === '*') return true
    if (left === undefined || right === undefined) {
      // `/a/*` takes `/a` as well.
      return left === right || (left ?? right) === '*'
    }
    if (left !== right && !left.startsWith(':') && !right.startsWith(':')) return false
  }
}
