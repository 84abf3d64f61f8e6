/** Makes the task of an occurrence from the template of its series, once; the open ones before it give way to it. */
import type { InferOutput } from 'valibot'
import { events, RecurringTaskDueData } from '../../../shared/contract/events.ts'
import { done, event, requireSidecar } from '../../../shared/dapr/event.ts'
import { once } from '../../../shared/data/inbox.ts'
import { makeOccurrence, recordVirtual } from '../../../shared/data/occurrences.ts'
import { seriesOf } from '../../../shared/data/rule.ts'
import { passed } from '../../../shared/data/schedule.ts'
import { lockSeries, type LockedSeries } from '../../../shared/data/series.ts'
import { createApp } from '../../../shared/http/app.ts'
import { occurrenceAt } from '../../../shared/recurrence/expand.ts'
import type { Series } from '../../../shared/recurrence/series.ts'
import { log } from '../../../shared/runtime/log.ts'
import { giveWayTo } from './give-way.ts'

const { type } = events['recurring-task.due']

export default createApp().post(
  '/events/occurrence-create',
  requireSidecar,
  event([type], RecurringTaskDueData),
  async (c) => {
    const given = c.req.valid('json')
    await once('occurrence-create', given, () => makeTask(given.data))
    return done(c)
  },
)

async function makeTask(told: InferOutput<typeof RecurringTaskDueData>): Promise<void> {
  const { recurring_task_id, user_id, occurrence: key } = told
  const leave = (why: string) =>
    log.info(`occurrence not made: ${why}`, { recurring_task_id, occurrence: key })
  const row = await lockSeries(user_id, recurring_task_id)
  // A series that has come to its end still gets the task of its last occurrence; one that was stopped does not.
  if (!row || !(row.is_active || row.ended_at)) return leave('its series is stopped or deleted')
  const series = seriesOf(row)
  const occurrence = occurrenceAt(series, key, row.time_zone)
  if (!occurrence) return leave('the rule of its series has changed')
  if (row.catch_up !== 'keep_all' && isOvertaken(row, series, key)) {
    await recordVirtual(row, 'missed', [occurrence])
    return leave('a later one has come since')
  }
  const debt = await giveWayTo(row, key)
  await makeOccurrence(row, { key, due: occurrence.due, number: occurrence.index, ...debt })
}

/** Whether a later occurrence was announced, too: this event was long on its way. */
function isOvertaken(
  { time_zone, now, settled_through }: LockedSeries,
  series: Series,
  key: string,
): boolean {
  const later = passed({ series, time_zone, settled_through: key }, Temporal.Instant.from(now)).at(-1)
  return later !== undefined && later.key <= settled_through
}
