'use client'
/** The view of the address. Today, where most visits begin, comes with the shell; the others when they are asked for. */
import { usePathname } from 'next/navigation'
import { lazy, Suspense, type ComponentType } from 'react'
import { Loading } from '../parts/State.tsx'
import type { ViewName } from './names.ts'
import { TodayView } from './TodayView.tsx'

const views: Record<ViewName, ComponentType> = {
  '': TodayView,
  inbox: lazy(async () => ({ default: (await import('./InboxView.tsx')).InboxView })),
  upcoming: lazy(async () => ({ default: (await import('./UpcomingView.tsx')).UpcomingView })),
  recurring: lazy(async () => ({ default: (await import('./RecurringView.tsx')).RecurringView })),
  tags: lazy(async () => ({ default: (await import('./TagsView.tsx')).TagsView })),
  done: lazy(async () => ({ default: (await import('./DoneView.tsx')).DoneView })),
  search: lazy(async () => ({ default: (await import('./SearchView.tsx')).SearchView })),
  notifications: lazy(async () => ({
    default: (await import('./NotificationsView.tsx')).NotificationsView,
  })),
  settings: lazy(async () => ({ default: (await import('./SettingsView.tsx')).SettingsView })),
  more: lazy(async () => ({ default: (await import('./MoreView.tsx')).MoreView })),
}

export function CurrentView() {
  const name = usePathname().slice(1)
  const View = views[name as ViewName]
  return <Suspense fallback={<Loading />}>{View && <View />}</Suspense>
}
