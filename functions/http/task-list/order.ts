/** In which order tasks are listed, and how a page of them is read from the index of that order. */
import type { Fragment } from 'postgres'
import * as v from 'valibot'
import { Priority } from '../../../shared/contract/fields.ts'
import type { Task } from '../../../shared/contract/task.ts'
import { sql } from '../../../shared/data/sql.ts'
import { taskColumns } from '../../../shared/data/tasks.ts'
import { InstantKey, type Page, type Position } from '../../../shared/http/paging.ts'

type Key = string | number | null

const orders = {
  due_date: { column: 'due_at', Key: v.nullable(InstantKey) },
  created_at: { column: 'created_at', Key: InstantKey },
  updated_at: { column: 'updated_at', Key: InstantKey },
  priority: { column: 'priority', Key: Priority },
} as const

export type Sort = keyof typeof orders | `-${keyof typeof orders}`

/** What a cursor of this order holds. */
export const keyOf = (sort: Sort): v.GenericSchema<unknown, Key> => orders[fieldOf(sort)].Key

/** Where a task stands in this order. */
export const positionIn =
  (sort: Sort) =>
  (task: Task): Position<Key> => ({ key: task[orders[fieldOf(sort)].column], id: task.id })

const fieldOf = (sort: Sort) => sort.replace('-', '') as keyof typeof orders

/**
 * One page of the tasks that match. Those without a due date are read on their own: in an index they are at one end, and
 * here they come last in both directions.
 *
 * `searched` says that the matches are found by words or tags. How many a user has, Postgres cannot know; expecting some
 * among the first rows of the order it would read all 100,000 tasks of a user to find none. `offset 0` keeps the order out
 * of that choice, so the matches are read from their own index.
 */
export function readTasks(
  matches: Fragment,
  searched: boolean,
  sort: Sort,
  { after, limit, offset }: Page<Key>,
) {
  const column = sql(orders[fieldOf(sort)].column)
  const [direction, beyond] = sort.startsWith('-') ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`]
  const part = (where: Fragment) => sql`
    (
      select *
      from (select * from tasks where ${matches} ${searched ? sql`offset 0` : sql``}) as tasks
      where ${where}
      order by ${column} ${direction}, id ${direction}
      limit ${limit + offset}
    )`
  const rest = after ? sql`(${column}, id) ${beyond} (${after.key}, ${after.id})` : sql`true`
  const dated = () => sql`${part(sql`due_at is not null and ${rest}`)} union all ${part(sql`due_at is null`)}`
  const undated = (id: string) => part(sql`due_at is null and id ${beyond} ${id}`)
  const parts = fieldOf(sort) !== 'due_date' ? part(rest) : after?.key === null ? undated(after.id) : dated()
  return sql<Task[]>`
    select ${taskColumns()}
    from (${parts}) as task
    order by ${column} ${direction} nulls last, id ${direction}
    limit ${limit} offset ${offset}`
}
