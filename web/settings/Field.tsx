import { useId, type ReactNode } from 'react'
import styles from './Settings.module.css'

type Props = {
  label: string
  hint?: ReactNode
  problem?: string | undefined
  children: (given: Given) => ReactNode
}

/** What ties a control to its label and to what is said below it. */
export type Given = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }

export function Field({ label, hint, problem, children }: Props) {
  const id = useId()
  const given: Given = {
    id,
    ...((hint || problem) && { 'aria-describedby': `${id}-about` }),
    ...(problem && { 'aria-invalid': true }),
  }
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(given)}
      {(hint || problem) && (
        <small
          id={`${id}-about`}
          className={problem ? styles.problem : undefined}
          role={problem ? 'alert' : undefined}
        >
          {problem || hint}
        </small>
      )}
    </div>
  )
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}
