/** A modal dialog: the browser's own, which keeps the focus inside, closes on Esc and gives the focus back. */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useT } from '../messages/translate.ts'
import { IconButton } from './Button.tsx'
import styles from './Dialog.module.css'

type Props = { title: string; close: () => void; isWide?: boolean; children: ReactNode }

export function Dialog({ title, close, isWide = false, children }: Props) {
  const t = useT()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  // The click that ends a selection of text is one of the backdrop, too, when it ends there.
  const pressed = useRef<EventTarget>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    const element = dialog.current!
    if (!element.open) element.showModal()
    // The browser would take the first button, which closes.
    const fields = 'input:not([type=radio], [type=checkbox]), select, textarea'
    element.querySelector<HTMLElement>(fields)?.focus()
    return () => {
      element.close()
      before?.focus?.()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${isWide ? styles.wide : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onPointerDown={(event) => {
        pressed.current = event.target
      }}
      onClick={(event) => {
        if (event.target === dialog.current && pressed.current === dialog.current) close()
      }}
    >
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t('action.close')} onClick={close} />
      </div>
      <div className={styles.body}>{children}</div>
    </dialog>
  )
}
