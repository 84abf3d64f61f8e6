/** Images are called by what is in them: a function that did not change keeps its image, and with it its instances. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of a built function: the compiled code differs at each build, and the map is for people. */
const beside = ['**/*.compiled', '**/*.map']

/**
 * The tag of the image of what `npm run build` has put into `dist/<name>`: 16 hexadecimal digits of a digest of its code, of the
 * Dockerfile, which names what lies below it, and of the version of Node that is put there. Throws when it was not built.
 */
export function versionOf(name: string, root = join(import.meta.dirname, '../..')): string {
  const directory = join(root, 'dist', name)
  const files = globSync('**/*.*', { cwd: directory, exclude: beside }).toSorted()
  if (files.length === 0) throw new Error(`${name} is not built: npm run build.`)
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { node: string }
  }
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'Dockerfile')))
    .update(devDependencies.node)

  for (const file of files) {
    const content = readFileSync(join(directory, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}
