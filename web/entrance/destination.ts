/**
 * Where somebody who signs in was going: the path that `to` says, or the first view. Only within the app: an address from a
 * link could lead elsewhere, also as a path, for one that begins with two slashes names a host.
 */
export function destination(to: string | null, origin: string): string {
  try {
    const url = new URL(to ?? '/', origin)
    const isWithin = url.origin === origin && /^\/(?!\/)/.test(url.pathname)
    return isWithin ? `${url.pathname}${url.search}` : '/'
  } catch {
    return '/'
  }
}
