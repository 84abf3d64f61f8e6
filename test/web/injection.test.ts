/** Text of people is text: whatever is in a field, nothing of it runs. And the policy would not let it. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openApp, settled, useBrowser, userPassword } from './browser.ts'

useBrowser()

const payloads = [
  '<script>ran(1)</script>',
  '<img src=x onerror=ran(2)>',
  '"><svg onload=ran(3)>',
  "javascript:ran(4)//'",
  '</textarea><script>ran(5)</script>',
  '<iframe srcdoc="<script>parent.ran(6)</script>"></iframe>',
  '{{constructor.constructor("ran(7)")()}}',
  '<a href="javascript:ran(8)">x</a>',
  '\u202e<b onmouseover=ran(9)>',
  '<style>@import "x"</style><math><mtext></style><img onerror=ran(10) src>',
]

test('every view shows the payloads, and runs none', async () => {
  const { page, context, url, api, email } = await openApp()
  const ran: unknown[] = []
  await context.exposeFunction('ran', (number: unknown) => ran.push(number))
  page.on('dialog', (dialog) => {
    ran.push(dialog.message())
    void dialog.dismiss()
  })
  const due_date = new Date().toISOString().slice(0, 10)
  const ids: string[] = []
  for (const text of payloads) {
    const tags = [text.slice(0, 50)]
    const task = await api<{ id: string }>('POST', '/api/tasks', {
      title: text,
      description: text,
      tags,
      due_date,
    })
    ids.push(task.id)
  }
  await api('POST', '/api/recurring-tasks', {
    title: payloads[1],
    recurrence_type: 'daily',
    start_date: due_date,
  })
  await api('POST', '/api/tasks', { title: payloads[3] })
  const done = await api<{ id: string }>('POST', '/api/tasks', { title: payloads[4] })
  await api('POST', `/api/tasks/${done.id}/complete`, {})
  await api('PATCH', '/api/me', { name: payloads[1] })
  const now = `${new Date().toISOString().slice(0, 19)}Z`
  await api('POST', '/api/tasks', { title: payloads[2], due_date: now })
  const search = `search?q=${encodeURIComponent('ran')}`
  for (const view of [
    '',
    'inbox',
    'upcoming',
    'recurring',
    'tags',
    'done',
    'notifications',
    'settings',
    search,
  ]) {
    await page.goto(`${url}/${view}`)
    const shown = () =>
      page.evaluate(() => {
        const fields = [...document.querySelectorAll<HTMLInputElement>('main input')]
        return [document.querySelector('main')?.innerText, ...fields.map(({ value }) => value)].join(' ')
      })
    await expect.poll(shown, { message: view }).toContain('ran(')
    await settled(page)
  }
  for (const id of ids.slice(0, 4)) {
    await page.goto(`${url}/?task=${id}`)
    await page.getByRole('region', { name: 'History' }).waitFor()
  }
  await page.goto(`${url}/?task=${encodeURIComponent('"><img src=x onerror=ran(11)>')}`)
  await page.getByText('There is no such task').waitFor()
  await page.goto(`${url}/sign-in?to=${encodeURIComponent('javascript:ran(12)')}`)
  await page.getByLabel('Mail address').fill(email)
  await page.getByLabel('Password').fill(userPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('main h1', { hasText: 'Today' }).waitFor()
  await page.fill('main [data-quick-add]', `${payloads.join(' ')} tomorrow`)
  await page.locator('main form mark').first().waitFor()
  expect(ran).toEqual([])
})

describe('the policy', () => {
  const dist = join(import.meta.dirname, '../../web/dist')
  const pages = globSync('**/*.html', { cwd: dist })

  test('is in every page, names every inline script by its hash, and allows nothing inline besides', () => {
    expect(pages.length).toBeGreaterThan(10)
    for (const name of pages) {
      const html = readFileSync(join(dist, name), 'utf8')
      const policy =
        /^<!DOCTYPE html>(?:<!--.*?-->)?<html[^>]*><head><meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(
          html,
        )?.[1]
      expect(policy, name).toBeDefined()
      expect(policy, name).not.toMatch(/unsafe-inline|unsafe-eval|\*/)
      for (const [, text] of html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)) {
        expect(policy, name).toContain(`'sha256-${createHash('sha256').update(text!).digest('base64')}'`)
      }
      expect(html, name).not.toMatch(/\sstyle="|\son\w+="/)
    }
  })

  test('stops a script that is smuggled in', async () => {
    const { page } = await openApp()
    const stopped = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
          document.body.append(
            Object.assign(document.createElement('script'), { textContent: 'window.smuggled = 1' }),
          )
        }),
    )
    expect(stopped).toBe('script-src-elem')
    expect(await page.evaluate(() => 'smuggled' in window)).toBe(false)
  })

  test('no token is anywhere that a later script could read it', async () => {
    const { page } = await openApp()
    await page.locator('main h1').waitFor()
    const kept = await page.evaluate(() =>
      JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie }),
    )
    expect(kept).not.toMatch(/eyJ|session_token/)
  })
})
