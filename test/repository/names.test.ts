import { expect, test } from 'vitest'
import { findings, pathsOf } from './files.ts'

const paths = pathsOf('**').filter((path) => path !== '.')

test.each(['utils', 'util', 'helpers', 'helper', 'common', 'lib', 'misc', 'types', 'manager'])(
  'no file and no folder is called %s: a name says what is inside',
  (name) => {
    expect(paths.filter((path) => path.split('/').at(-1)!.split('.')[0] === name)).toEqual([])
  },
)

test('there is no index file: one imports the file that defines a thing', () => {
  expect(paths.filter((path) => /(^|\/)index\.[cm]?[jt]sx?$/.test(path))).toEqual([])
})

test('the environment is read in one file', () => {
  const code = paths.filter(
    (path) => /^(functions|shared)\/.*\.ts$/.test(path) && !/\.test\.ts$|^shared\/testing\//.test(path),
  )
  const others = code.filter((path) => path !== 'shared/runtime/config.ts')
  expect(findings(others, /process\.env|import\.meta\.env|from 'node:process'/)).toEqual([])
})

test('no test is switched off, and none is alone', () => {
  const tests = paths.filter((path) => /\.test\.tsx?$/.test(path))
  expect(findings(tests, /\.(only|skip|todo|skipIf|runIf)\(/)).toEqual([])
})

test('no merge was left half done', () => {
  const texts = paths.filter((path) => /\.[cm]?[jt]sx?$|\.(md|ya?ml|json|sql|css)$/.test(path))
  expect(findings(texts, /^(<{7}|>{7}) /)).toEqual([])
})
