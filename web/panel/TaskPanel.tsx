/** A task in full, beside the list. Every field saves itself. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Task } from '../api/shapes.ts'
import { completeTask, deleteTask, reopenTask } from '../state/changes.ts'
import { localPrefix } from '../offline/command.ts'
import { queue } from '../offline/queue.ts'
import { focusRow } from '../keyboard/rows.ts'
import { useStore } from '../state/store.ts'
import { refreshTask, useTask } from '../state/tasks.ts'
import { useT } from '../messages/translate.ts'
import { Button, IconButton } from '../parts/Button.tsx'
import { Empty, Loading } from '../parts/State.tsx'
import { History } from './History.tsx'
import { Ledger } from './Ledger.tsx'
import { PriorityField } from './PriorityField.tsx'
import { RemindersField } from './RemindersField.tsx'
import { RepeatField } from './RepeatField.tsx'
import { TagsField } from './TagsField.tsx'
import { WhenField } from './WhenField.tsx'
import { useDraft, useIsRefused } from './useDraft.ts'
import styles from './TaskPanel.module.css'

export function TaskPanel({ id, close }: { id: string; close: () => void }) {
  const t = useT()
  const task = useTask(id)
  const [isMissing, setIsMissing] = useState(false)
  const isKnown = task !== undefined
  useEffect(() => {
    if (isKnown) return
    // One of our own is in the queue, or was refused.
    if (id.startsWith(localPrefix)) setIsMissing(true)
    else void refreshTask(id).then((found) => setIsMissing(!found))
  }, [id, isKnown])

  if (!task) {
    return (
      <div className={styles.missing}>
        <IconButton icon="close" label={t('action.close')} onClick={close} />
        {isMissing ? <Empty icon="search" title={t('panel.missing')} /> : <Loading />}
      </div>
    )
  }
  return <Fields task={task} close={close} />
}

function Fields({ task, close }: { task: Task; close: () => void }) {
  const t = useT()
  const panel = useRef<HTMLDivElement>(null)
  // With the first paint, not after it: a key that follows what is seen must not find the focus elsewhere.
  useLayoutEffect(() => focusField(panel.current!), [])
  const isDone = task.status !== 'open'

  function leave() {
    close()
    focusRow(task.id)
  }

  return (
    <div
      className={styles.panel}
      ref={panel}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return
        event.preventDefault()
        leave()
      }}
    >
      <div className={styles.head}>
        <SaveState subject={task.id} />
        <Button look="quiet" icon="check" onClick={() => (isDone ? reopenTask(task) : completeTask(task))}>
          {isDone ? t('action.reopen') : t('action.complete')}
        </Button>
        <IconButton
          icon="trash"
          label={t('action.delete')}
          onClick={() => {
            deleteTask(task)
            leave()
          }}
        />
        <IconButton icon="close" label={t('action.close')} onClick={leave} />
      </div>
      <TitleField task={task} />
      <NotesField task={task} />
      <WhenField task={task} />
      {task.due_date !== null && <RemindersField task={task} />}
      <RepeatField task={task} />
      <PriorityField task={task} />
      <TagsField task={task} />
      <Ledger task={task} />
      <History task={task} />
    </div>
  )
}

/** To the field that was asked for (`?field=due`), else to the title; nowhere if it was closed while it loaded. */
function focusField(panel: HTMLElement): void {
  const url = new URL(window.location.href)
  if (!url.searchParams.has('task')) return
  const field = url.searchParams.get('field')
  const target = field && panel.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`)
  url.searchParams.delete('field')
  if (field) window.history.replaceState(null, '', url)
  ;(target || panel.querySelector<HTMLElement>('[data-field=title]'))?.focus({ preventScroll: !target })
}

function SaveState({ subject }: { subject: string }) {
  const t = useT()
  const { commands, error } = useStore(queue)
  const isRefused = useIsRefused(subject)
  const isPending = commands.some((command) => command.subject === subject)
  const isWarning = isRefused || (isPending && error)
  return (
    <span className={`${styles.state} ${isWarning ? styles.waiting : ''}`} role="status">
      {isRefused
        ? t('save.refused')
        : isPending
          ? t(error ? 'save.waiting' : 'save.saving')
          : t('save.saved')}
    </span>
  )
}

function TitleField({ task }: { task: Task }) {
  const t = useT()
  const id = useId()
  const { text, change, leave } = useDraft(task, 'title', task.title, (text) => {
    const title = text.trim()
    // An empty one has no words to lose: the title comes back.
    return title === '' ? {} : title.length <= 500 ? { title } : undefined
  })
  const length = text.trim().length
  const problem = length === 0 || length > 500 ? t('rule.title') : ''
  return (
    <>
      <textarea
        className={styles.title}
        rows={1}
        data-field="title"
        aria-label={t('field.title')}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? id : undefined}
        value={text}
        onChange={(event) => change(event.target.value.replaceAll('\n', ' '))}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          event.currentTarget.blur()
        }}
      />
      <Rule id={id} problem={problem} />
    </>
  )
}

function NotesField({ task }: { task: Task }) {
  const t = useT()
  const id = useId()
  const { text, change, leave } = useDraft(task, 'description', task.description ?? '', (description) =>
    description.length <= 10_000 ? { description: description || null } : undefined,
  )
  const problem = text.length > 10_000 ? t('rule.description') : ''
  return (
    <>
      <textarea
        className={styles.notes}
        data-field="notes"
        aria-label={t('field.description')}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? id : undefined}
        placeholder={t('field.description')}
        value={text}
        onChange={(event) => change(event.target.value)}
        onBlur={leave}
      />
      <Rule id={id} problem={problem} />
    </>
  )
}

/** The rule that a field breaks, which describes the field by its id. */
const Rule = ({ id, problem }: { id: string; problem: string }) =>
  problem && (
    <p id={id} className={styles.problem} role="alert">
      {problem}
    </p>
  )
