// Generated from openapi.json by `npm run generate`. Do not edit.

/** Method and path of every operation. */
export const operations = {
  'auth-sign-up': ['POST', '/api/auth/sign-up/email'],
  'auth-sign-in': ['POST', '/api/auth/sign-in/email'],
  'auth-token': ['GET', '/api/auth/token'],
  'auth-sign-out': ['POST', '/api/auth/sign-out'],
  'auth-get-session': ['GET', '/api/auth/get-session'],
  'auth-change-password': ['POST', '/api/auth/change-password'],
  'auth-delete-user': ['POST', '/api/auth/delete-user'],
  'auth-jwks': ['GET', '/api/auth/jwks'],
  'task-create': ['POST', '/api/tasks'],
  'task-list': ['GET', '/api/tasks'],
  'task-get': ['GET', '/api/tasks/{task_id}'],
  'task-update-put': ['PUT', '/api/tasks/{task_id}'],
  'task-update-patch': ['PATCH', '/api/tasks/{task_id}'],
  'task-delete': ['DELETE', '/api/tasks/{task_id}'],
  'task-complete': ['POST', '/api/tasks/{task_id}/complete'],
  'task-reopen': ['POST', '/api/tasks/{task_id}/reopen'],
  'task-undo': ['POST', '/api/tasks/{task_id}/undo'],
  'task-history': ['GET', '/api/tasks/{task_id}/history'],
  'recurring-task-create': ['POST', '/api/recurring-tasks'],
  'recurring-task-list': ['GET', '/api/recurring-tasks'],
  'recurring-task-preview': ['POST', '/api/recurring-tasks/preview'],
  'recurring-task-get': ['GET', '/api/recurring-tasks/{recurring_task_id}'],
  'recurring-task-update-put': ['PUT', '/api/recurring-tasks/{recurring_task_id}'],
  'recurring-task-update-patch': ['PATCH', '/api/recurring-tasks/{recurring_task_id}'],
  'recurring-task-delete': ['DELETE', '/api/recurring-tasks/{recurring_task_id}'],
  'occurrence-list': ['GET', '/api/recurring-tasks/{recurring_task_id}/occurrences'],
  'occurrence-update': ['PATCH', '/api/recurring-tasks/{recurring_task_id}/occurrences/{occurrence}'],
  'occurrence-complete': ['POST', '/api/recurring-tasks/{recurring_task_id}/occurrences/{occurrence}/complete'],
  'occurrence-skip': ['POST', '/api/recurring-tasks/{recurring_task_id}/occurrences/{occurrence}/skip'],
  'tag-list': ['GET', '/api/tags'],
  'event-list': ['GET', '/api/events'],
  'notification-list': ['GET', '/api/notifications'],
  'notification-read': ['POST', '/api/notifications/{notification_id}/read'],
  'me-get': ['GET', '/api/me'],
  'me-update-put': ['PUT', '/api/me'],
  'me-update-patch': ['PATCH', '/api/me'],
  'dead-letter-list': ['GET', '/api/dead-letters'],
  'dead-letter-replay': ['POST', '/api/dead-letters/replay'],
  'me-export': ['GET', '/api/me/export'],
  'session-list': ['GET', '/api/sessions'],
  'session-delete': ['DELETE', '/api/sessions/{session_id}'],
} as const

/** What every operation takes and gives. */
export type Operations = {
  /** Makes an account and a session. */
  'auth-sign-up': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      name: string
      email: string
      password: string
    }
    reply: {
      token: string | null
      user: {
        id: string
        email: string
        name: string
      }
    }
  }
  /** Makes a session. */
  'auth-sign-in': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      email: string
      password: string
    }
    reply: {
      token: string | null
      user: {
        id: string
        email: string
        name: string
      }
    }
  }
  /** Exchanges the session token, sent as bearer, for the JWT that every other operation takes. */
  'auth-token': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      token: string
    }
  }
  /** Ends the session. */
  'auth-sign-out': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      success: boolean
    }
  }
  /** Reads the session, or null. */
  'auth-get-session': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      session: {
        id: string
      }
    }
  }
  /** Changes the password. */
  'auth-change-password': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      currentPassword: string
      newPassword: string
      revokeOtherSessions?: boolean
    }
    reply: {
      user: {
        id: string
        email: string
        name: string
      }
    }
  }
  /** Deletes the account and everything that belongs to it. */
  'auth-delete-user': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      password: string
    }
    reply: {
      success: boolean
    }
  }
  /** The public keys that the JWTs are signed with (RFC 7517). */
  'auth-jwks': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      keys: Record<string, unknown>[]
    }
  }
  /** Adds a task. */
  'task-create': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      title: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      due_date?: string | null
      reminders?: string[]
    }
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
    }
  }
  /** Lists and searches tasks. */
  'task-list': {
    params: Record<string, never>
    query: {
      page?: string
      page_size?: string
      cursor?: string
      sort?: 'due_date' | '-due_date' | 'created_at' | '-created_at' | 'updated_at' | '-updated_at' | 'priority' | '-priority'
      status?: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled' | 'all'
      priority?: '1' | '2' | '3'
      tag?: string
      due_before?: string
      due_after?: string
      due_on?: 'today' | string
      overdue?: 'true'
      recurring_task_id?: string
      q?: string
      user_id?: string
    }
    body: undefined
    reply: {
      items: ({
        id: string
        user_id: string
        title: string
        description: string | null
        priority: 1 | 2 | 3
        status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
        tags: string[]
        due_date: string | null
        due_at: string | null
        reminders: string[]
        notified: boolean
        recurring_task_id: string | null
        occurrence: string | null
        occurrence_number: number | null
        occurrence_count: number | null
        missed_count: number
        overdue_since: string | null
        overrides: string[]
        version: number
        completed_at: string | null
        closed_at: string | null
        closed_by: string | null
        created_at: string
        updated_at: string
      })[]
      total: number
      page: number | null
      page_size: number
      next_cursor: string | null
    }
  }
  /** Reads one task. */
  'task-get': {
    params: {
      task_id: string
    }
    query: Record<string, never>
    body: undefined
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
    }
  }
  /** Changes the given fields of a task. */
  'task-update-put': {
    params: {
      task_id: string
    }
    query: Record<string, never>
    body: {
      title?: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      due_date?: string | null
      reminders?: string[]
      status?: unknown
      completed_at?: unknown
    }
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
    }
  }
  /** Changes the given fields of a task. */
  'task-update-patch': {
    params: {
      task_id: string
    }
    query: Record<string, never>
    body: {
      title?: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      due_date?: string | null
      reminders?: string[]
      status?: unknown
      completed_at?: unknown
    }
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
    }
  }
  /** Deletes a task. */
  'task-delete': {
    params: {
      task_id: string
    }
    query: Record<string, never>
    body: undefined
    reply: undefined
  }
  /** Marks a task as done. */
  'task-complete': {
    params: {
      task_id: string
    }
    query: Record<string, never>
    body: {
      completed_at?: string
    } | undefined
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
      next: {
        task_id: string
        occurrence: string
        due_date: string
        due_at: string
      } | null
    }
  }
  /** Takes a completion back. */
  'task-reopen': {
    params: {
      task_id: string
    }
    query: Record<string, never>
    body: undefined
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
    }
  }
  /** Takes the last command on a task back. */
  'task-undo': {
    params: {
      task_id: string
    }
    query: Record<string, never>
    body: {
      event_id?: string
    } | undefined
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
    }
  }
  /** Tells what happened to a task and why. */
  'task-history': {
    params: {
      task_id: string
    }
    query: {
      page_size?: string
      cursor?: string
    }
    body: undefined
    reply: {
      items: ({
        id: string
        type: string
        at: string
        cause: {
          by: 'user' | 'event' | 'schedule'
          function: string
          request_id?: string
          event_id?: string
          undoes?: string
        }
        changes: Record<string, [unknown, unknown]> | null
        data: Record<string, unknown>
      })[]
      page_size: number
      next_cursor: string | null
    }
  }
  /** Starts a series and makes its first task. */
  'recurring-task-create': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      title: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      reminders?: string[]
      recurrence_type?: 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval?: number
      recurrence_rule?: string | null
      start_date?: string
      end_date?: string | null
      timezone?: string | null
      month_end?: 'clamp' | 'skip' | 'forward'
      mode?: 'schedule' | 'completion'
      catch_up?: 'keep_one' | 'skip_missed' | 'keep_all'
    }
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      tags: string[]
      reminders: string[]
      recurrence_type: 'minutely' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval: number
      recurrence_rule: string
      sentence: string
      count: number | null
      start_date: string
      end_date: string | null
      timezone: string | null
      mode: 'schedule' | 'completion'
      catch_up: 'keep_one' | 'skip_missed' | 'keep_all'
      month_end: 'clamp' | 'skip' | 'forward'
      next_due_at: string | null
      is_active: boolean
      continues_id: string | null
      open_task_id: string | null
      last_created_at: string | null
      version: number
      created_at: string
      updated_at: string
    }
  }
  /** Lists the series. */
  'recurring-task-list': {
    params: Record<string, never>
    query: {
      page?: string
      page_size?: string
      cursor?: string
    }
    body: undefined
    reply: {
      items: ({
        id: string
        user_id: string
        title: string
        description: string | null
        priority: 1 | 2 | 3
        tags: string[]
        reminders: string[]
        recurrence_type: 'minutely' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'
        recurrence_interval: number
        recurrence_rule: string
        sentence: string
        count: number | null
        start_date: string
        end_date: string | null
        timezone: string | null
        mode: 'schedule' | 'completion'
        catch_up: 'keep_one' | 'skip_missed' | 'keep_all'
        month_end: 'clamp' | 'skip' | 'forward'
        next_due_at: string | null
        is_active: boolean
        continues_id: string | null
        open_task_id: string | null
        last_created_at: string | null
        version: number
        created_at: string
        updated_at: string
      })[]
      total: number
      page: number | null
      page_size: number
      next_cursor: string | null
    }
  }
  /** Tells the dates of a series that is not made yet. */
  'recurring-task-preview': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      title?: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      reminders?: string[]
      recurrence_type?: 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval?: number
      recurrence_rule?: string | null
      start_date?: string
      end_date?: string | null
      timezone?: string | null
      month_end?: 'clamp' | 'skip' | 'forward'
      mode?: 'schedule' | 'completion'
      catch_up?: 'keep_one' | 'skip_missed' | 'keep_all'
      is_active?: boolean
      recurring_task_id?: string
      occurrence?: string
      count?: number
    } | undefined
    reply: {
      sentence: string
      recurrence_rule: string
      items: ({
        occurrence: string
        due_date: string
        due_at: string
        note: string | null
        number: number | null
      })[]
      effect: {
        dates_changed: number
        tasks_changed: number
        tasks_cancelled: number
        reminders_cancelled: number
        overrides_kept: number
        conflicts: ({
          task_id: string
          occurrence: string
          due_date: string | null
          due_at: string | null
          title: string
        })[]
        summary: string
      } | null
    }
  }
  /** Reads one series. */
  'recurring-task-get': {
    params: {
      recurring_task_id: string
    }
    query: Record<string, never>
    body: undefined
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      tags: string[]
      reminders: string[]
      recurrence_type: 'minutely' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval: number
      recurrence_rule: string
      sentence: string
      count: number | null
      start_date: string
      end_date: string | null
      timezone: string | null
      mode: 'schedule' | 'completion'
      catch_up: 'keep_one' | 'skip_missed' | 'keep_all'
      month_end: 'clamp' | 'skip' | 'forward'
      next_due_at: string | null
      is_active: boolean
      continues_id: string | null
      open_task_id: string | null
      last_created_at: string | null
      version: number
      created_at: string
      updated_at: string
    }
  }
  /** Changes a series. */
  'recurring-task-update-put': {
    params: {
      recurring_task_id: string
    }
    query: Record<string, never>
    body: {
      title?: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      reminders?: string[]
      recurrence_type?: 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval?: number
      recurrence_rule?: string | null
      start_date?: string
      end_date?: string | null
      timezone?: string | null
      month_end?: 'clamp' | 'skip' | 'forward'
      mode?: 'schedule' | 'completion'
      catch_up?: 'keep_one' | 'skip_missed' | 'keep_all'
      is_active?: boolean
    }
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      tags: string[]
      reminders: string[]
      recurrence_type: 'minutely' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval: number
      recurrence_rule: string
      sentence: string
      count: number | null
      start_date: string
      end_date: string | null
      timezone: string | null
      mode: 'schedule' | 'completion'
      catch_up: 'keep_one' | 'skip_missed' | 'keep_all'
      month_end: 'clamp' | 'skip' | 'forward'
      next_due_at: string | null
      is_active: boolean
      continues_id: string | null
      open_task_id: string | null
      last_created_at: string | null
      version: number
      created_at: string
      updated_at: string
      effect: {
        dates_changed: number
        tasks_changed: number
        tasks_cancelled: number
        reminders_cancelled: number
        overrides_kept: number
        conflicts: ({
          task_id: string
          occurrence: string
          due_date: string | null
          due_at: string | null
          title: string
        })[]
        summary: string
      }
    }
  }
  /** Changes a series. */
  'recurring-task-update-patch': {
    params: {
      recurring_task_id: string
    }
    query: Record<string, never>
    body: {
      title?: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      reminders?: string[]
      recurrence_type?: 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval?: number
      recurrence_rule?: string | null
      start_date?: string
      end_date?: string | null
      timezone?: string | null
      month_end?: 'clamp' | 'skip' | 'forward'
      mode?: 'schedule' | 'completion'
      catch_up?: 'keep_one' | 'skip_missed' | 'keep_all'
      is_active?: boolean
    }
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      tags: string[]
      reminders: string[]
      recurrence_type: 'minutely' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval: number
      recurrence_rule: string
      sentence: string
      count: number | null
      start_date: string
      end_date: string | null
      timezone: string | null
      mode: 'schedule' | 'completion'
      catch_up: 'keep_one' | 'skip_missed' | 'keep_all'
      month_end: 'clamp' | 'skip' | 'forward'
      next_due_at: string | null
      is_active: boolean
      continues_id: string | null
      open_task_id: string | null
      last_created_at: string | null
      version: number
      created_at: string
      updated_at: string
      effect: {
        dates_changed: number
        tasks_changed: number
        tasks_cancelled: number
        reminders_cancelled: number
        overrides_kept: number
        conflicts: ({
          task_id: string
          occurrence: string
          due_date: string | null
          due_at: string | null
          title: string
        })[]
        summary: string
      }
    }
  }
  /** Ends and removes a series. */
  'recurring-task-delete': {
    params: {
      recurring_task_id: string
    }
    query: {
      open?: 'cancel' | 'keep'
    }
    body: undefined
    reply: undefined
  }
  /** Lists past and coming occurrences of a series. */
  'occurrence-list': {
    params: {
      recurring_task_id: string
    }
    query: {
      from?: string
      to?: string
    }
    body: undefined
    reply: {
      items: ({
        occurrence: string
        number: number | null
        state: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled' | 'planned'
        due_date: string | null
        due_at: string | null
        task_id: string | null
        title: string | null
        closed_at: string | null
        closed_by: string | null
        note: string | null
      })[]
      truncated: boolean
    }
  }
  /** Changes one occurrence, or this and all that follow. */
  'occurrence-update': {
    params: {
      recurring_task_id: string
      occurrence: string
    }
    query: Record<string, never>
    body: {
      scope: 'this'
      title?: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      due_date?: string
      reminders?: string[]
    } | {
      scope: 'following'
      title?: string
      description?: string | null
      priority?: 1 | 2 | 3
      tags?: string[]
      reminders?: string[]
      recurrence_type?: 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval?: number
      recurrence_rule?: string | null
      start_date?: string
      end_date?: string | null
      timezone?: string | null
      month_end?: 'clamp' | 'skip' | 'forward'
      mode?: 'schedule' | 'completion'
      catch_up?: 'keep_one' | 'skip_missed' | 'keep_all'
    }
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
    } | {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      tags: string[]
      reminders: string[]
      recurrence_type: 'minutely' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'
      recurrence_interval: number
      recurrence_rule: string
      sentence: string
      count: number | null
      start_date: string
      end_date: string | null
      timezone: string | null
      mode: 'schedule' | 'completion'
      catch_up: 'keep_one' | 'skip_missed' | 'keep_all'
      month_end: 'clamp' | 'skip' | 'forward'
      next_due_at: string | null
      is_active: boolean
      continues_id: string | null
      open_task_id: string | null
      last_created_at: string | null
      version: number
      created_at: string
      updated_at: string
    }
  }
  /** Completes an occurrence by its date. */
  'occurrence-complete': {
    params: {
      recurring_task_id: string
      occurrence: string
    }
    query: Record<string, never>
    body: {
      completed_at?: string
    } | undefined
    reply: {
      id: string
      user_id: string
      title: string
      description: string | null
      priority: 1 | 2 | 3
      status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled'
      tags: string[]
      due_date: string | null
      due_at: string | null
      reminders: string[]
      notified: boolean
      recurring_task_id: string | null
      occurrence: string | null
      occurrence_number: number | null
      occurrence_count: number | null
      missed_count: number
      overdue_since: string | null
      overrides: string[]
      version: number
      completed_at: string | null
      closed_at: string | null
      closed_by: string | null
      created_at: string
      updated_at: string
      next: {
        task_id: string
        occurrence: string
        due_date: string
        due_at: string
      } | null
    }
  }
  /** Skips an occurrence, or all that are overdue. */
  'occurrence-skip': {
    params: {
      recurring_task_id: string
      occurrence: string
    }
    query: Record<string, never>
    body: undefined
    reply: {
      skipped: string[]
      next: {
        task_id: string
        occurrence: string
        due_date: string
        due_at: string
      } | null
    }
  }
  /** Lists the tags of open tasks. */
  'tag-list': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      items: {
        name: string
        open: number
      }[]
    }
  }
  /** Lists what happened, for clients that keep up. */
  'event-list': {
    params: Record<string, never>
    query: {
      page_size?: string
      cursor?: string
    }
    body: undefined
    reply: {
      items: ({
        id: string
        type: string
        at: string
        task_id: string | null
        recurring_task_id: string | null
        data: Record<string, unknown>
      })[]
      page_size: number
      next_cursor: string | null
    }
  }
  /** Lists notifications with their deliveries. */
  'notification-list': {
    params: Record<string, never>
    query: {
      page?: string
      page_size?: string
      cursor?: string
      unread?: 'true'
      task_id?: string
    }
    body: undefined
    reply: {
      items: ({
        id: string
        task_id: string
        reminder_id: string
        kind: 'due'
        title: string
        due_date: string | null
        due_at: string | null
        remind_at: string
        late_seconds: number
        created_at: string
        read_at: string | null
        deliveries: ({
          channel: 'in_app' | 'email'
          state: 'planned' | 'sent' | 'failed' | 'unknown' | 'cancelled'
          reason: string | null
          attempts: number
          planned_at: string
          sent_at: string | null
        })[]
      })[]
      total: number
      page: number | null
      page_size: number
      next_cursor: string | null
      unread: number
    }
  }
  /** Marks a notification as read. */
  'notification-read': {
    params: {
      notification_id: string | 'all'
    }
    query: Record<string, never>
    body: undefined
    reply: {
      id: string
      task_id: string
      reminder_id: string
      kind: 'due'
      title: string
      due_date: string | null
      due_at: string | null
      remind_at: string
      late_seconds: number
      created_at: string
      read_at: string | null
      deliveries: ({
        channel: 'in_app' | 'email'
        state: 'planned' | 'sent' | 'failed' | 'unknown' | 'cancelled'
        reason: string | null
        attempts: number
        planned_at: string
        sent_at: string | null
      })[]
    } | {
      read: number
    }
  }
  /** Reads profile, preferences and statistics. */
  'me-get': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      id: string
      email: string | null
      name: string
      time_zone: string
      locale: string
      week_start: number
      reminder_time: string
      day_start: string
      channels: ('in_app' | 'email')[]
      version: number
      statistics: {
        created: number
        updated: number
        completed: number
        completed_on_time: number
        deleted: number
      }
    }
  }
  /** Changes preferences and replans what depends on them. */
  'me-update-put': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      name?: string
      time_zone?: string
      locale?: string
      week_start?: 1 | 2 | 3 | 4 | 5 | 6 | 7
      reminder_time?: string
      day_start?: string
      channels?: ('in_app' | 'email')[]
    }
    reply: {
      id: string
      email: string | null
      name: string
      time_zone: string
      locale: string
      week_start: number
      reminder_time: string
      day_start: string
      channels: ('in_app' | 'email')[]
      version: number
      statistics: {
        created: number
        updated: number
        completed: number
        completed_on_time: number
        deleted: number
      }
      replanned: number
    }
  }
  /** Changes preferences and replans what depends on them. */
  'me-update-patch': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      name?: string
      time_zone?: string
      locale?: string
      week_start?: 1 | 2 | 3 | 4 | 5 | 6 | 7
      reminder_time?: string
      day_start?: string
      channels?: ('in_app' | 'email')[]
    }
    reply: {
      id: string
      email: string | null
      name: string
      time_zone: string
      locale: string
      week_start: number
      reminder_time: string
      day_start: string
      channels: ('in_app' | 'email')[]
      version: number
      statistics: {
        created: number
        updated: number
        completed: number
        completed_on_time: number
        deleted: number
      }
      replanned: number
    }
  }
  /** Lists what could not be handled, to operators. */
  'dead-letter-list': {
    params: Record<string, never>
    query: {
      page_size?: string
      cursor?: string
      state?: 'stored' | 'replayed'
    }
    body: undefined
    reply: {
      items: ({
        id: string
        event_id: string | null
        topic: string | null
        consumer: string | null
        error: string
        attempts: number | null
        state: 'stored' | 'replayed'
        created_at: string
        replayed_at: string | null
      })[]
      page_size: number
      next_cursor: string | null
    }
  }
  /** Sends what could not be handled again, for operators. */
  'dead-letter-replay': {
    params: Record<string, never>
    query: Record<string, never>
    body: {
      id: string
    } | {
      from: string
      to: string
    } | undefined
    reply: {
      replayed: number
      missing: number
    }
  }
  /** Gives all data of the account as one document. */
  'me-export': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      exported_at: string
      profile: {
        id: string
        email: string | null
        name: string
        time_zone: string
        locale: string
        week_start: number
        reminder_time: string
        day_start: string
        channels: ('in_app' | 'email')[]
        version: number
        statistics: {
          created: number
          updated: number
          completed: number
          completed_on_time: number
          deleted: number
        }
      }
      tasks: Record<string, unknown>[]
      recurring_tasks: Record<string, unknown>[]
      notifications: Record<string, unknown>[]
      deliveries: Record<string, unknown>[]
      events: Record<string, unknown>[]
    }
  }
  /** Lists where somebody is signed in. */
  'session-list': {
    params: Record<string, never>
    query: Record<string, never>
    body: undefined
    reply: {
      items: ({
        id: string
        user_agent: string | null
        created_at: string
        updated_at: string
        expires_at: string
      })[]
    }
  }
  /** Signs out in one place. */
  'session-delete': {
    params: {
      session_id: string
    }
    query: Record<string, never>
    body: undefined
    reply: undefined
  }
}
