import styles from '../parts/State.module.css'

/** Without a script of its own: it would be loaded with every page. */
export default function NotFound() {
  return (
    <main className={styles.state}>
      <h1>There is nothing at this address.</h1>
      <p lang="de">Unter dieser Adresse ist nichts.</p>
      <p>
        {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- a link component is a script */}
        <a href="/">Todo</a>
      </p>
    </main>
  )
}
