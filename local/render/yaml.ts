/** Kubernetes resources as YAML files. */
import { stringify } from 'yaml'
import type { File } from './table.ts'

/** One resource, with its source in the first line. `note` becomes further lines of the comment. */
function document(source: string, resource: object, note = ''): string {
  const header = `# Generated from ${source} by \`npm run generate\`. Do not edit.\n`
  const comment = note && `${note.replaceAll(/^/gm, '# ')}\n`
  // Kubernetes reads YAML 1.1, in which a bare `on` or `1:30` is not a string.
  return (
    header + comment + stringify(resource, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false })
  )
}

/** `file` is the name without its ending; without it the file is called like the resource. */
export type Entry = { resource: { metadata: { name: string } }; file?: string; note?: string }

/** A folder of resources, one to a file, and the kustomization that lists them. */
export function folderOf(folder: string, entries: Entry[], source = 'functions/manifest.ts'): File[] {
  const files = entries.map(({ resource, file = resource.metadata.name, note }): File => [
    `${folder}/${file}.yaml`,
    document(source, resource, note),
  ])
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: files.map(([path]) => path.slice(folder.length + 1)).toSorted(),
  }
  return [...files, [`${folder}/kustomization.yaml`, document(source, kustomization)]]
}
