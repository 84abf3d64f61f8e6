/** The images of all functions and of the migration, for `docker buildx bake`. */
import type { File, Table } from './table.ts'

export const migration = 'migrate'

/** What has an image. */
export const namesOf = (table: Table): string[] => [...table.map(([name]) => name), migration]

/**
 * `REGISTRY` and `TAG` are given by whoever builds; as they stand, the names are those that `knative/overlays/local` runs.
 */
export function images(table: Table): File {
  const bake = {
    variable: { REGISTRY: { default: 'dev.local/todo' }, TAG: { default: 'local' } },
    group: { default: { targets: ['image'] } },
    target: {
      image: {
        name: '${function}',
        matrix: { function: namesOf(table) },
        args: { FUNCTION: '${function}' },
        tags: ['${REGISTRY}/${function}:${TAG}'],
      },
    },
  }
  return ['images/docker-bake.json', `${JSON.stringify(bake, null, 2)}\n`]
}
