'use client'
/** The frame around every view: navigation, the panel of the open task, and what lies over them. */
import { useRouter } from 'next/navigation'
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, type ReactNode } from 'react'
import { useKeyboard } from '../keyboard/useKeyboard.ts'
import { closeTask, signInHref, useOpenTask } from '../state/address.ts'
import { session, startSession } from '../state/session.ts'
import { useStore } from '../state/store.ts'
import { startWorker } from '../state/worker.ts'
import { conflicts } from '../offline/mend.ts'
import { overlay } from '../state/overlay.ts'
import { selection } from '../state/selection.ts'
import { CurrentView } from '../views/CurrentView.tsx'
import { useT } from '../messages/translate.ts'
import { Banner } from './Banner.tsx'
import { Icon } from './Icon.tsx'
import { Notices } from './Notices.tsx'
import { BottomBar, Sidebar } from './Sidebar.tsx'
import { QuickAddSheet } from './QuickAdd.tsx'
import styles from './Shell.module.css'

const TaskPanel = lazy(async () => ({ default: (await import('../panel/TaskPanel.tsx')).TaskPanel }))
const BulkBar = lazy(async () => ({ default: (await import('./BulkBar.tsx')).BulkBar }))
const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }))
const Shortcuts = lazy(async () => ({ default: (await import('./Shortcuts.tsx')).Shortcuts }))
const Conflicts = lazy(async () => ({ default: (await import('./Conflicts.tsx')).Conflicts }))

/** Shows the view of the address, or what it is given in its place. */
export function Shell({ children = <CurrentView /> }: { children?: ReactNode }) {
  return (
    <Suspense fallback={<Frame>{children}</Frame>}>
      <LiveShell>{children}</LiveShell>
    </Suspense>
  )
}

function LiveShell({ children }: { children: ReactNode }) {
  const router = useRouter()
  const state = useStore(session)
  const open = useOpenTask()
  useKeyboard()
  useEffect(() => {
    void startSession()
    void startWorker().catch(() => {})
  }, [])
  useEffect(() => {
    if (state === 'signed-out') router.replace(signInHref())
  }, [state, router])

  return <Frame panel={open && state === 'ready' && <Panel key={open} id={open} />}>{children}</Frame>
}

/** The place of the open task. It has the focus while its content is loaded: no key goes to what was there before. */
function Panel({ id }: { id: string }) {
  const t = useT()
  const aside = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    if (!aside.current!.contains(document.activeElement)) aside.current!.focus({ preventScroll: true })
  }, [])
  return (
    <aside ref={aside} className={styles.panel} aria-label={t('panel.title')} tabIndex={-1}>
      <Suspense>
        <TaskPanel id={id} close={closeTask} />
      </Suspense>
    </aside>
  )
}

function Frame({ panel, children }: { panel?: ReactNode; children: ReactNode }) {
  const t = useT()
  const shown = useStore(overlay)
  const hasSelection = useStore(selection, (ids) => ids.size > 0)
  const hasConflict = useStore(conflicts, (all) => all.length > 0)
  return (
    <>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <div className={`${styles.shell} ${panel ? styles.withPanel : ''}`}>
        <Sidebar />
        <main id="content" className={styles.main} tabIndex={-1}>
          <Banner />
          {children}
        </main>
        {panel}
      </div>
      <button
        type="button"
        className={styles.fab}
        aria-label={t('nav.add')}
        onClick={() => overlay.set('quick-add')}
      >
        <Icon name="plus" size={26} />
      </button>
      <BottomBar />
      <Notices />
      {shown === 'quick-add' && <QuickAddSheet close={() => overlay.set(null)} />}
      <Suspense>
        {hasSelection && <BulkBar />}
        {hasConflict && <Conflicts />}
        {shown === 'palette' && <Palette close={() => overlay.set(null)} />}
        {shown === 'shortcuts' && <Shortcuts close={() => overlay.set(null)} />}
      </Suspense>
    </>
  )
}
