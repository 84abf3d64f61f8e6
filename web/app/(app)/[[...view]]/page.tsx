import { viewNames } from '../../../views/names.ts'

export const dynamicParams = false

export const generateStaticParams = () => viewNames.map((name) => ({ view: name === '' ? [] : [name] }))

/** The shell shows the view: as an entry of its own each page would bring its own copy of what the shell has already. */
export default function Page() {
  return null
}
