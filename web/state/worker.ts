/** The service worker: the app opens without a network, and tells when there is a new version of itself. */
import { t } from '../messages/translate.ts'
import { notify } from './notices.ts'

export async function startWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.register('/worker.js')
  const offer = () => {
    const { waiting } = registration
    if (!waiting || !navigator.serviceWorker.controller) return
    notify(t('version.new'), {
      kind: 'problem',
      action: { label: t('action.reload'), run: () => waiting.postMessage('take over') },
    })
  }
  offer()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer)
  })
  // The first worker takes over without a word: nothing has to be loaded anew for it.
  const isUpdate = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isUpdate) window.location.reload()
  })
}
