/** Strict JSON: what `JSON.parse` lets through silently (a key given twice, bottomless nesting) is refused here. */
import { Problem } from '../contract/problem.ts'

/** How deep arrays and objects may be nested. */
export const jsonDepthMax = 20

/** Parses JSON text. Throws a `Problem` that says where the text is wrong. */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Problem('malformed_body', `The body is not valid JSON: ${(error as Error).message}.`)
  }
  checkStructure(text)
  return value
}

/** Walks the tokens of valid JSON text; only strings and brackets matter. */
function checkStructure(text: string): void {
  const open: (Set<string> | null)[] = []
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g
  for (const match of text.matchAll(token)) {
    const [found, colon] = match
    if (found === '{' || found === '[') {
      if (open.push(found === '{' ? new Set() : null) > jsonDepthMax) {
        throw new Problem('malformed_body', `The body is nested deeper than ${jsonDepthMax} levels.`)
      }
    } else if (found === '}' || found === ']') {
      open.pop()
    } else if (colon !== undefined) {
      const key = JSON.parse(found.slice(0, -colon.length)) as string
      const keys = open.at(-1)
      if (keys?.has(key))
        throw new Problem('malformed_body', `The key "${key}" is given twice. Give it once.`)
      keys?.add(key)
    }
  }
}
