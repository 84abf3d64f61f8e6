/** Every file that is derived from the manifest. */
import { check } from './check.ts'
import { components } from './components.ts'
import { configurations } from './configurations.ts'
import { configurationPage, problemsPage } from './reference.ts'
import { images } from './images.ts'
import { jobs } from './jobs.ts'
import { resiliency } from './resiliency.ts'
import { routes } from './routes.ts'
import { accounts, services } from './services.ts'
import { subscriptions } from './subscriptions.ts'
import type { Table } from './table.ts'
import { topicJob, topicResources } from './topics.ts'
import { triggers } from './triggers.ts'

/** Text by path from the root of the repository. Throws when the manifest breaks a rule, naming row and rule. */
export function render(table: Table): Map<string, string> {
  check(table)
  return new Map([
    ...accounts(table),
    ...services(table),
    ...triggers(table),
    ...jobs(),
    ...routes(table),
    ...subscriptions(table),
    ...components(table),
    ...resiliency(table),
    ...configurations(),
    images(table),
    ...topicResources(),
    ...topicJob(),
    configurationPage(table),
    problemsPage(),
  ])
}

/** Folders in which nothing else may be. */
export const generatedFolders = [
  'knative/accounts',
  'knative/services',
  'knative/triggers',
  'images',
  'knative/jobs',
  'knative/routes',
  'dapr/subscriptions',
  'dapr/components',
  'dapr/resiliency',
  'dapr/configuration',
  'cluster/topics',
  'knative/topics',
]
