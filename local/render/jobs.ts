/** What has to be done once before a version of the functions can serve. */
import { latestMigration } from '../../shared/data/schema.ts'
import { migration as migrate } from './images.ts'
import { restricted } from './security.ts'
import { environment } from './settings.ts'
import { imageOf, namespace, partOf, type File } from './table.ts'
import { folderOf } from './yaml.ts'

const attempts = 10

/**
 * Applies the migrations. Nothing starts it before the functions and nothing has to: they become ready only on a database that
 * has their migration. A Job cannot be changed, so each migration has its own; a day later it is gone.
 */
export const jobs = (): File[] =>
  folderOf('knative/jobs', [
    { resource: migration(), file: 'migrate' },
    { resource: account, file: 'migrate-account' },
  ])

const labels = {
  'app.kubernetes.io/name': migrate,
  'app.kubernetes.io/component': 'job',
  ...partOf,
}

const account = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: migrate, namespace, labels },
  automountServiceAccountToken: false,
}

function migration() {
  const name = `${migrate}-${latestMigration.slice(0, 4)}`
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: attempts,
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: migrate,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: 'OnFailure',
          containers: [
            {
              name: migrate,
              image: imageOf(migrate),
              args: ['main.mjs'],
              // Settings change; a Job may not.
              env: environment(['database'], (_, setting) => setting === 'DATABASE_URL'),
              resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
              securityContext: restricted,
            },
          ],
        },
      },
    },
  }
}
