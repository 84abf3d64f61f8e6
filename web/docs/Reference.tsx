'use client'
/** The API reference, from the document that the export has; every operation can be tried as the signed-in user. */
import { useEffect, useState } from 'react'
import { speak, useT } from '../messages/translate.ts'
import { Empty, Loading } from '../parts/State.tsx'
import { documentPath, readReference, type Reference as Document } from './document.ts'
import { OperationCard } from './OperationCard.tsx'
import { Prose } from './Prose.tsx'
import styles from './Reference.module.css'
import { Link } from '../parts/Link.tsx'

export function Reference() {
  const t = useT()
  const [document, setDocument] = useState<Document>()
  const [isAway, setIsAway] = useState(false)
  useEffect(() => {
    void speak(navigator.language)
    readReference()
      .then(setDocument)
      .catch(() => setIsAway(true))
  }, [])
  useEffect(() => {
    window.document.title = `${t('view.docs')} · Todo`
  }, [t])
  return (
    <main className={styles.page}>
      <h1>{t('view.docs')}</h1>
      <p className={styles.sub} lang="en">
        <Prose text={document?.description ?? ''} /> <a href={documentPath}>openapi.json</a>{' '}
        <Link href="/">{t('view.today')}</Link>
      </p>
      {isAway && <Empty icon="offline" title={t('error.offline')} />}
      {!document && !isAway && <Loading />}
      {document?.groups.map(([tag, entries]) => (
        <section key={tag} className={styles.group} aria-labelledby={`tag-${tag}`} lang="en">
          <h2 id={`tag-${tag}`}>{tag}</h2>
          {entries.map((entry) => (
            <OperationCard key={entry.operation.operationId} entry={entry} />
          ))}
        </section>
      ))}
    </main>
  )
}
