import { expect, test } from 'vitest'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf } from '../../../shared/testing/reply.ts'
import { hiddenSeries, startSeries } from '../../../shared/testing/series.ts'
import { signIn } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/recurring-tasks/01890a5d-ac96-774b-bcce-b302099a8057' })
hiddenSeries(app, { method: 'GET' })

test('200: the series as it was answered when it was made, with its version as ETag', async () => {
  const user = await signIn()
  const series = await startSeries(user, {
    description: 'All of it',
    tags: ['work'],
    start_date: '2030-01-15',
  })
  const reply = await app.request(`/api/recurring-tasks/${series.id}`, { headers: user.headers })
  expect(reply.status).toBe(200)
  expect(reply.headers.get('etag')).toBe('"1"')
  expect(await bodyOf(reply, Reply)).toEqual(series)
})
