// The entry of a built function: runs `function.cjs` with the compiled code that the build has left beside it. Another Node
// than that of the build refuses this code, and compiles the text.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')

const filename = `${__dirname}/function.cjs`
const compiled = `${__dirname}/function.${process.arch}.compiled`
const head = '(function (require, module) {'

const script = new Script(`${head}${readFileSync(filename, 'latin1')}\n})`, {
  filename,
  columnOffset: -head.length,
  cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined,
})
script.runInThisContext()(require, module)

// The build starts it as a child, and asks for what was compiled until then.
process.once('message', () => {
  writeFileSync(compiled, script.createCachedData())
  process.exit()
})
