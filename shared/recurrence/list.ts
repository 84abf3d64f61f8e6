/** "a, b and c", each once. */
export function listOf(items: readonly string[], word: string): string {
  const distinct = [...new Set(items)]
  if (distinct.length < 2) return distinct.join('')
  return `${distinct.slice(0, -1).join(', ')} ${word} ${distinct.at(-1)}`
}
