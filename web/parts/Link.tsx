/** A link within the app: an ordinary one, that changes the view without loading the page. */
import { useRouter } from 'next/navigation'
import type { AnchorHTMLAttributes, MouseEvent } from 'react'

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }

export function Link({ href, onClick, ...rest }: Props) {
  const router = useRouter()
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event)
    // Another button, or a key for a new tab: the browser knows what to do.
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (!isPlain || event.defaultPrevented) return
    event.preventDefault()
    router.push(href)
  }
  return (
    <a
      href={href}
      onClick={follow}
      onPointerEnter={() => router.prefetch(href)}
      onFocus={() => router.prefetch(href)}
      {...rest}
    />
  )
}
