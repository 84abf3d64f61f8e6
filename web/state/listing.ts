/** A list that only the server knows in full, read page by page: what is done, what a search finds. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, type Request } from '../api/call.ts'
import { asApiError, type ApiError } from '../api/error.ts'
import { takeTasks } from './tasks.ts'

type Query = NonNullable<Request<'task-list'>['query']>
type Listing = {
  ids: string[]
  total: number
  next: string | null
  state: 'loading' | 'loaded'
  error?: ApiError
}

const nothing: Listing = { ids: [], total: 0, next: null, state: 'loading' }

/** Ids of the tasks; the tasks themselves are in the store, so that they change with everything else. */
export function useListing(query: Query) {
  const [listing, setListing] = useState<Listing>(nothing)
  const key = JSON.stringify(query)
  const turns = useRef(0)

  const load = useCallback(
    async (cursor?: string) => {
      // An answer to what was asked before comes too late.
      const turn = ++turns.current
      try {
        const given = JSON.parse(key) as Query
        const reply = await call('task-list', {
          query: { page_size: '50', ...given, ...(cursor && { cursor }) },
        })
        if (turn !== turns.current) return
        takeTasks(reply.items)
        const ids = reply.items.map(({ id }) => id)
        setListing((before) => ({
          ids: cursor ? [...before.ids, ...ids] : ids,
          total: reply.total,
          next: reply.next_cursor,
          state: 'loaded',
        }))
      } catch (thrown) {
        if (turn !== turns.current) return
        setListing((before) => ({
          ...(cursor ? before : nothing),
          state: 'loaded',
          error: asApiError(thrown),
        }))
      }
    },
    [key],
  )

  useEffect(() => {
    void load()
  }, [load])
  return { ...listing, load }
}
