/** A demo account with sample tasks, made through the API like any other. */
import { log } from '../shared/runtime/log.ts'

/** Sample values: for a new embedded database on the loopback interface only. */
export const demo = { name: 'Demo', email: 'demo@example.org', password: 'demo-demo-demo' }

/** Signs the account up and adds its tasks. False when it cannot: a demo is no reason not to start. */
export async function addDemo(url: string): Promise<boolean> {
  try {
    const { token: session } = await post<{ token: string }>(`${url}/api/auth/sign-up/email`, demo)
    const { token } = await get<{ token: string }>(`${url}/api/auth/token`, session)
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    const inTwoMinutes = `${new Date(Date.now() + 120_000).toISOString().slice(0, 19)}Z`
    await post(
      `${url}/api/tasks`,
      { title: 'Look at functions/manifest.ts', priority: 1, tags: ['start'] },
      token,
    )
    await post(
      `${url}/api/tasks`,
      { title: 'Be reminded in two minutes', due_date: inTwoMinutes, tags: ['start'] },
      token,
    )
    await post(`${url}/api/tasks`, { title: 'Buy milk', due_date: tomorrow, priority: 3 }, token)
    await post(
      `${url}/api/recurring-tasks`,
      { title: 'Weekly review', recurrence_type: 'weekly', start_date: `${tomorrow}T16:00:00` },
      token,
    )
    return true
  } catch (error) {
    log.warn('no demo account', { error: (error as Error).message })
    return false
  }
}

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  return send<T>(url, token, { method: 'POST', body: JSON.stringify(body) })
}

const get = <T>(url: string, token: string) => send<T>(url, token, {})

async function send<T>(url: string, token: string | undefined, init: RequestInit): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const reply = await fetch(url, { ...init, headers })
  if (!reply.ok) throw new Error(`${new URL(url).pathname} answered ${reply.status}`)
  return (await reply.json()) as T
}
