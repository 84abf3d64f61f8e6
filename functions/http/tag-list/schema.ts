import * as v from 'valibot'

/** `open`: how many open tasks have it. */
const Tag = v.strictObject({ name: v.string(), open: v.number() })
export type Tag = v.InferOutput<typeof Tag>

export const Reply = v.strictObject({ items: v.array(Tag) })
