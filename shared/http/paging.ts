/**
 * Lists in pages. Page numbers are for people and reach 10,000 rows; a cursor says where the page before it ended, so it
 * reaches every row at the same cost and neither repeats nor skips one when rows come and go meanwhile.
 */
import * as v from 'valibot'
import { Id } from '../contract/fields.ts'
import { refuse } from './validate.ts'

const pageSizeMax = 100

/** Rows that page numbers reach. */
const pageReachMax = 10_000

/** A list counts its matches up to here: a `total` of this says "as many or more". */
export const totalMax = 10_000

const PageSize = v.pipe(
  v.string(),
  v.regex(/^([1-9]\d?|100)$/, `Use a whole number from 1 to ${pageSizeMax}.`),
  v.description(`Rows in a page, at most ${pageSizeMax}.`),
  v.toNumber(),
)

const Cursor = v.pipe(v.string(), v.description('The `next_cursor` of the page before. It replaces `page`.'))

/** The parameters of a list that only goes on by cursor; to be spread into its `Query`. */
export const cursorPaging = { page_size: v.optional(PageSize, '20'), cursor: v.optional(Cursor) }

/** The parameters of a list with page numbers and cursors. */
export const paging = {
  page: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d{0,4}$/, `Use a whole number from 1 to ${pageReachMax}.`),
      v.description(`From 1; reaches the first ${pageReachMax} rows, beyond them go on by \`cursor\`.`),
      v.toNumber(),
    ),
  ),
  ...cursorPaging,
}

/** The reply of a list that only goes on by cursor. `next_cursor` is null on the last page. */
export const cursorPageOf = <const S extends v.GenericSchema>(Item: S) =>
  v.strictObject({ items: v.array(Item), page_size: v.number(), next_cursor: v.nullable(v.string()) })

/** The reply of a list. `page` is null when a cursor was given; `total` is counted up to 10,000. */
export const pageOf = <const S extends v.GenericSchema>(Item: S) =>
  v.strictObject({
    items: v.array(Item),
    total: v.number(),
    page: v.nullable(v.number()),
    page_size: v.number(),
    next_cursor: v.nullable(v.string()),
  })

/** An instant of ours in a cursor. Cursors are not signed, so what Postgres could not read is refused here. */
export const InstantKey = v.pipe(
  v.string(),
  v.regex(/^(19|2[0-2])\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/),
  v.check((text) => {
    try {
      return Temporal.Instant.from(text) !== undefined
    } catch {
      return false
    }
  }),
)

/** Where a page ended: the sort key of its last row, and the id that tells rows of one key apart. */
export type Position<Key> = { key: Key; id: string }

export type Page<Key> = {
  number: number | null
  size: number
  /** For `limit`: one row more than the page has, which tells whether another page follows. */
  limit: number
  /** For `offset`: 0 with a cursor. */
  offset: number
  /** Where to go on, with a cursor. */
  after: Position<Key> | undefined
  order: string
}

type Given = { page?: number | undefined; page_size: number; cursor?: string | undefined }

/**
 * The page that a query asks for. `order` names the order of the list: a cursor of another one is refused, as is a key that
 * `Key` does not take. Throws a problem that names `query.cursor` or `query.page`.
 */
export function readPage<const S extends v.GenericSchema>(
  { page, page_size: size, cursor }: Given,
  order: string,
  Key: S,
): Page<v.InferOutput<S>> {
  const rest = { size, limit: size + 1, order }
  if (cursor !== undefined) {
    if (page !== undefined) refuse([{ field: 'query.page', message: 'Give page or cursor, not both.' }])
    return { ...rest, number: null, offset: 0, after: readCursor(cursor, order, Key) }
  }
  const number = page ?? 1
  if (number * size > pageReachMax) {
    const message = `Pages reach the first ${pageReachMax} rows. Go on with cursor, the next_cursor of the page before.`
    refuse([{ field: 'query.page', message }])
  }
  return { ...rest, number, offset: (number - 1) * size, after: undefined }
}

/** Splits the extra row off: the items of the page, and the cursor behind its last one if more follow. */
export function cutPage<Row, Key>(rows: Row[], page: Page<Key>, positionOf: (row: Row) => Position<Key>) {
  const items = rows.slice(0, page.size)
  const last = rows.length > page.size ? items.at(-1) : undefined
  const next_cursor = last === undefined ? null : writeCursor(page.order, positionOf(last))
  return { items, page_size: page.size, next_cursor }
}

const writeCursor = (order: string, { key, id }: Position<unknown>): string =>
  Buffer.from(JSON.stringify([order, key, id])).toString('base64url')

function readCursor<const S extends v.GenericSchema>(
  cursor: string,
  order: string,
  Key: S,
): Position<v.InferOutput<S>> {
  const read = v.safeParse(v.strictTuple([v.literal(order), Key, Id]), parsed(cursor))
  if (!read.success) {
    const message = 'Use the next_cursor of a page of the same list in the same order, unchanged.'
    refuse([{ field: 'query.cursor', message }])
  }
  const [, key, id] = read.output
  return { key, id }
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
