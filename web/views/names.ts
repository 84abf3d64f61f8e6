/** The views by their addresses. */
export const viewNames = [
  '',
  'inbox',
  'upcoming',
  'recurring',
  'tags',
  'done',
  'search',
  'notifications',
  'settings',
  'more',
] as const
export type ViewName = (typeof viewNames)[number]
