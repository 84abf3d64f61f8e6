/** The languages that rules are said in, and lines read in. Everything else that the API says, problems too, is English. */

export type Language = 'en' | 'de'

const languages: readonly string[] = ['en', 'de'] satisfies Language[]

/**
 * What a locale (`de-AT`) or the header `Accept-Language` (`fr, de;q=0.8, en;q=0.5`, RFC 9110 section 12.5.4) asks for first
 * of what there is; English where it is none of them.
 */
export function languageOf(wanted: string | undefined): Language {
  const asked = (wanted ?? '').slice(0, 200).split(',').map(weighed)
  const known = asked.filter(({ name, weight }) => weight > 0 && languages.includes(name))
  return (known.toSorted((a, b) => b.weight - a.weight)[0]?.name ?? 'en') as Language
}

function weighed(item: string): { name: string; weight: number } {
  const [tag = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
  return { name: tag.split('-')[0]!, weight: Number(weight) || 0 }
}
