/** `npm run generate`: writes every file that is derived from the manifest, and removes what is derived no longer. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { rows } from '../functions/manifest.ts'
import { apiTypes } from './render/api-types.ts'
import { openapi } from './render/openapi.ts'
import { withFunctionTable } from './render/readme.ts'
import { generatedFolders, render } from './render/render.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFile(join(root, path), 'utf8')

const files = render(rows)
for (const [path, text] of files) await write(path, text)
for (const path of (await Promise.all(generatedFolders.map(orphansIn))).flat()) {
  await rm(join(root, path))
  process.stdout.write(`${path} removed\n`)
}
await write('README.md', withFunctionTable(await read('README.md'), rows))
const document = await openapi()
await write('openapi.json', `${JSON.stringify(document, null, 2)}\n`)
await write(...apiTypes(document))

async function write(path: string, text: string): Promise<void> {
  if ((await read(path).catch(() => undefined)) === text) return
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
  process.stdout.write(`${path} written\n`)
}

async function orphansIn(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder))
  return names.map((name) => `${folder}/${name}`).filter((path) => !files.has(path))
}
