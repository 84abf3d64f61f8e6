/** Quick add: one line; what was understood of it shows as chips, and any of them can be given back. */
import { useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { addSeries, addTask } from '../state/changes.ts'
import { openTask } from '../state/address.ts'
import { speakAloud } from '../state/notices.ts'
import {
  bodyOf,
  loadQuick,
  moveRanges,
  quickLengthMax,
  readQuick,
  type Chip,
  type Defaults,
  type Quick,
  type Range,
} from '../tasks/quick.ts'
import { useT } from '../messages/translate.ts'
import { Button } from './Button.tsx'
import { Chips } from './Chips.tsx'
import { Dialog } from './Dialog.tsx'
import { Icon } from './Icon.tsx'
import styles from './QuickAdd.module.css'

type Line = { text: string; literal: Range[] }
type Props = { defaults?: Defaults; autoFocus?: boolean; placeholder?: string; added?: () => void }

export function QuickAdd({ defaults = {}, autoFocus = false, placeholder, added }: Props) {
  const t = useT()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const mirror = useRef<HTMLDivElement>(null)
  const { line, quick, setLine, type } = useLine()
  const [problem, setProblem] = useState('')

  const giveBack = ({ start, end }: Range) => {
    setLine((before) => ({ ...before, literal: [...before.literal, { start, end }] }))
    field.current?.focus()
  }

  /** The field is free for the next line at once; one that cannot be taken comes back, before what was typed since. */
  async function add(event: FormEvent | KeyboardEvent, andOpen = false) {
    event.preventDefault()
    const given = line
    if (!given.text.trim()) return setProblem(t('rule.title'))
    setLine({ text: '', literal: [] })
    const made = await readBody(given, defaults)
    if (typeof made === 'string') {
      setLine((now) => (now.text ? { ...given, text: `${given.text} ${now.text}` } : given))
      return setProblem(t(made))
    }
    const { isSeries, body } = made
    const id = isSeries ? addSeries(body) : addTask(body)
    if (andOpen) openTask(id)
    speakAloud(t('said.added', { title: body.title }))
    added?.()
    field.current?.focus()
  }

  function press(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Enter' && event.shiftKey) return void add(event, true)
    const { selectionStart, selectionEnd } = event.currentTarget
    if (event.key !== 'Backspace' || selectionStart !== selectionEnd) return
    const chip = quick?.chips.find(({ end }) => end === selectionStart)
    if (!chip) return
    event.preventDefault()
    giveBack(chip)
  }

  return (
    <form className={styles.line} onSubmit={(event) => void add(event)}>
      <div className={styles.field}>
        <Icon name="plus" />
        <div className={styles.text}>
          <div className={styles.mirror} ref={mirror} aria-hidden="true">
            <Marked text={line.text} chips={quick?.chips ?? []} />
          </div>
          <input
            ref={field}
            className={styles.input}
            type="text"
            value={line.text}
            maxLength={quickLengthMax}
            enterKeyHint="done"
            autoComplete="off"
            placeholder={placeholder ?? t('quick.placeholder')}
            aria-label={t('nav.add')}
            aria-describedby={`${id}-hint`}
            aria-invalid={problem ? true : undefined}
            data-quick-add
            autoFocus={autoFocus}
            onFocus={() => void loadQuick().catch(() => {})}
            onChange={(event) => {
              setProblem('')
              type(event.target.value)
            }}
            onKeyDown={press}
            onScroll={(event) => {
              mirror.current!.scrollLeft = event.currentTarget.scrollLeft
            }}
          />
        </div>
      </div>
      <Chips chips={quick?.chips ?? []} giveBack={giveBack} />
      <p id={`${id}-hint`} className={styles.problem} role="alert">
        {problem}
      </p>
    </form>
  )
}

/** What the line asks for, or why it cannot be taken. */
async function readBody({ text, literal }: Line, defaults: Defaults) {
  try {
    const read = await readQuick(text, literal)
    if (!read.title) return 'quick.titleMissing'
    return read.title.length > 500 ? 'rule.title' : await bodyOf(read, defaults)
  } catch {
    return 'quick.failed'
  }
}

/** The text of the line with the pieces that were given back, and how it reads. */
function useLine() {
  const [line, setLine] = useState<Line>({ text: '', literal: [] })
  const [quick, setQuick] = useState<Quick>()
  useEffect(() => {
    let isLatest = true
    if (!line.text.trim()) setQuick(undefined)
    else {
      // Without the engine the line is shown as it is.
      void readQuick(line.text, line.literal)
        .catch(() => undefined)
        .then((read) => isLatest && setQuick(read))
    }
    return () => {
      isLatest = false
    }
  }, [line])
  const type = (text: string) =>
    setLine((before) => ({ text, literal: moveRanges(before.literal, before.text, text) }))
  return { line, quick, setLine, type }
}

function Marked({ text, chips }: { text: string; chips: Chip[] }) {
  // Between a key and its reading the chips are those of the text before.
  const known = chips.filter(({ start, end, text: words }) => text.slice(start, end) === words)
  return known.flatMap((chip, index) => [
    text.slice(known[index - 1]?.end ?? 0, chip.start),
    <mark key={chip.start}>{chip.text}</mark>,
  ])
}

/** The same over the page, from anywhere; it stays open for the next one. */
export function QuickAddSheet({ close }: { close: () => void }) {
  const t = useT()
  const [count, setCount] = useState(0)
  return (
    <Dialog title={t('nav.add')} close={close}>
      <QuickAdd autoFocus added={() => setCount((before) => before + 1)} />
      <div className={styles.foot}>
        <p>{count > 0 ? t('quick.added', { n: count }) : t('quick.example')}</p>
        <Button onClick={close}>{t('action.close')}</Button>
      </div>
    </Dialog>
  )
}
