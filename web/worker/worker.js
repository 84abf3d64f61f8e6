// Keeps the shell, so that the app opens at once and without a network. Data is never kept here: the API is always asked.
// `version` and `shell` (addresses) are written above this line when the app is built.

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(version)
      await cache.addAll(shell.map((address) => new Request(address, { cache: 'no-cache' })))
    })(),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const others = (await caches.keys()).filter((name) => name !== version)
      await Promise.all(others.map((name) => caches.delete(name)))
      await self.clients.claim()
    })(),
  )
})

// A new version waits until the person agrees: an open page goes on with the files it began with.
self.addEventListener('message', ({ data }) => {
  if (data === 'take over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  const isOurs = request.method === 'GET' && url.origin === self.location.origin
  if (!isOurs || url.pathname.startsWith('/api/')) return
  event.respondWith(
    (async () => {
      const cache = await caches.open(version)
      // Addresses differ in what they show (`?task=`), not in the file behind them.
      return (await cache.match(url.pathname, { ignoreSearch: true })) ?? fetch(request)
    })(),
  )
})
