/** The manifest as the renderers see it, and what all of them call things. */
import type { EventSpec, FunctionSpec, HttpSpec, ScheduleSpec } from '../../functions/spec.ts'

/** Rows of `functions/manifest.ts`, or of a test. */
export type Table = readonly (readonly [name: string, row: FunctionSpec])[]

/** Path from the root of the repository, and text. */
export type File = [path: string, text: string]

type Rows<S extends FunctionSpec> = [name: string, row: S][]

const rowsOf = <S extends FunctionSpec>(table: Table, trigger: S['trigger']): Rows<S> =>
  table.filter(([, row]) => row.trigger === trigger) as Rows<S>

export const httpRows = (table: Table): Rows<HttpSpec> => rowsOf<HttpSpec>(table, 'http')
export const eventRows = (table: Table): Rows<EventSpec> => rowsOf<EventSpec>(table, 'event')
export const scheduleRows = (table: Table): Rows<ScheduleSpec> => rowsOf<ScheduleSpec>(table, 'schedule')

export const namespace = 'todo'

/** Dapr app-id of a function's trigger, which is also its Kafka consumer group. */
export const triggerOf = (name: string): string => `${name}-trigger`

/** The address at which Knative serves a function to the cluster, and to nobody else. */
export const clusterLocal = (name: string): string => `${name}.${namespace}.svc.cluster.local`

/**
 * The image of a function as it is built for a local cluster. Knative leaves names of `dev.local` alone, and with a tag other
 * than `latest` nothing is pulled that is there. Every other overlay replaces them by names of its registry, with digests.
 */
export const imageOf = (name: string): string => `dev.local/todo/${name}:local`

/** Where undeliverable events go, and where those go that even the keeper of dead letters could not take. */
export const deadLetterTopic = 'dead-letter'
export const parkedTopic = 'dead-letter-parked'

/** The label of everything that is ours. */
export const partOf = { 'app.kubernetes.io/part-of': 'todo' }

/** Labels of everything that belongs to a function (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/). */
export const labels = (name: string, component: FunctionSpec['trigger'] | 'trigger') => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/component': component,
  ...partOf,
})
