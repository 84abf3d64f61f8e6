/** Writes the notification of a reminder and decides its channels; what goes by mail is announced as `notification-email`. */
import { bulk } from '../../../shared/dapr/bulk.ts'
import { requireSidecar } from '../../../shared/dapr/event.ts'
import { createApp } from '../../../shared/http/app.ts'
import { Due, planNotifications } from './plan.ts'

export default createApp().post(
  '/events/notification-plan',
  requireSidecar,
  bulk(['todo.task.due-soon.v1'], Due, planNotifications),
)
