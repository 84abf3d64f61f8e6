import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pathsOf, read } from './files.ts'

const pages = pathsOf('{*.md,docs/**/*.md,*/README.md}')
const repository = pathsOf('**')
const folders = new Set(repository.filter((path) => path.includes('/')).map((path) => path.split('/')[0]!))
const fileNames = new Set(repository.map((path) => path.split('/').at(-1)!))
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts

/** Commands of npm itself. */
const npmCommands = new Set(['ci', 'install', 'run', 'exec', 'test', 'start'])

const quoted = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, words]) => words!)

/** A path from the root: its first part is a folder of ours. `<name>` and `*` stand for any. */
const isPath = (words: string) =>
  /^[\w.@<>*{},-]+(\/[\w.@<>*{},-]*)+$/.test(words) && folders.has(words.split('/')[0]!)
const isFileName = (words: string) => /^[\w-]+(\.[\w-]+)*\.(ts|mjs|tsx|sql|md|json|yaml|yml)$/.test(words)

const exists = (pattern: string) => pathsOf(pattern.replaceAll(/<[^>]+>/g, '*').replace(/\/$/, '')).length > 0

describe.each(pages)('%s', (page) => {
  const text = read(page)

  test('the paths that it cites exist', () => {
    expect(quoted(text).filter((words) => isPath(words) && !exists(words))).toEqual([])
  })

  test('the files that it names exist somewhere', () => {
    expect(quoted(text).filter((words) => isFileName(words) && !fileNames.has(words))).toEqual([])
  })

  test('its links lead somewhere', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target]) => target!)
    expect(targets.filter((target) => globSync(join(dirname(page), target)).length === 0)).toEqual([])
  })

  test('its commands run everywhere: by the installed Node, and without options that only GNU has', () => {
    const commands = [...text.matchAll(/```sh\n(.*?)```/gs), ...text.matchAll(/`([^`\n]+)`/g)].map(
      ([, words]) => words!,
    )
    expect(commands.filter((words) => /^node \w+\//m.test(words) || /\bdate [^)]*-d /.test(words))).toEqual(
      [],
    )
  })

  test('the npm scripts that it names exist', () => {
    const named = [...text.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)].map(([, name]) => name!)
    expect(named.filter((name) => !npmCommands.has(name) && !(name in scripts))).toEqual([])
  })
})

test('the paths that comments of YAML cite exist', () => {
  const files = pathsOf('{compose.yaml,{knative,dapr,cluster}/**/*.yaml}')
  const cited = files.flatMap((file) =>
    [...read(file).matchAll(/^ *#.*$/gm)]
      .flatMap(([comment]) => comment.split(/[\s`():,;]+/))
      .map((words) => words.replace(/\.$/, ''))
      .filter((words) => isPath(words) && !exists(words))
      .map((path) => `${file}: ${path}`),
  )
  expect(cited).toEqual([])
})
