/** A repeat as a sentence: the API's, in the language of the page. */
import type { Series } from '../api/shapes.ts'
import type { Translate } from '../messages/translate.ts'

export const repeatWords = ({ sentence, mode }: Series, t: Translate): string =>
  mode === 'completion' ? `${sentence}, ${t('repeat.afterDone')}` : sentence
