/** What every view has: its heading, which takes the focus when one arrives, and groups with headings of their own. */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useDrop } from './drag.ts'
import styles from './View.module.css'

type ViewProps = { title: string; sub?: ReactNode; tools?: ReactNode; children: ReactNode }

export function View({ title, sub, tools, children }: ViewProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Todo`
    const active = document.activeElement
    // A reader of the screen hears where they are; who is typing is left alone.
    if (!active || active === document.body || active.closest('nav'))
      heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {sub && <span className={styles.sub}>{sub}</span>}
        {tools && <div className={styles.tools}>{tools}</div>}
      </header>
      {children}
    </div>
  )
}

type GroupProps = {
  title: string
  count?: number
  isLate?: boolean
  tools?: ReactNode
  /** Takes the task whose row is dropped here. */
  drop?: (id: string) => void
  children: ReactNode
}

export function Group({ title, count, isLate, tools, drop, children }: GroupProps) {
  const id = useId()
  const { isOver, listeners } = useDrop(drop)
  return (
    <section className={`${styles.group} ${isOver ? styles.over : ''}`} aria-labelledby={id} {...listeners}>
      <h2 className={isLate ? styles.late : undefined}>
        <span id={id}>{title}</span>
        {count !== undefined && <span className={styles.count}>{count}</span>}
        {tools && <span className={styles.tools}>{tools}</span>}
      </h2>
      <div className={styles.line}>{children}</div>
    </section>
  )
}
