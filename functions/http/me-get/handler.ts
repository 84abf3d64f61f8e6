/** Reads the caller's profile, preferences and statistics. */
import { readProfile } from '../../../shared/data/profile.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'

export default createApp().get('/api/me', requireUser, async (c) => {
  const profile = await readProfile(c.var.userId)
  return c.json(profile, 200, { etag: etag(profile) })
})
