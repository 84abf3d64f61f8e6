/**
 * The database as Better Auth sees it: our own pool and our own transactions. Its adapter for Postgres would bring a second
 * driver with a second pool, and makes the bundle half as large again.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createAdapterFactory, type CleanedWhere } from 'better-auth/adapters'
import type { BetterAuthOptions } from 'better-auth/minimal'
import postgres, { type Fragment } from 'postgres'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { addressTaken } from './refusal.ts'

type Row = Record<string, unknown>
type Adapter = ReturnType<ReturnType<typeof createAdapterFactory>>

/** For the option `database` of Better Auth. Tables have the names of its models, columns those of its fields in snake_case. */
export function databaseAdapter(options: BetterAuthOptions): Adapter {
  const adapter: Adapter = createAdapterFactory({
    config: {
      adapterId: 'postgres',
      // Instants are text in our pool.
      supportsDates: false,
      disableIdGeneration: true,
      transaction: (work) => transaction(() => work(adapter)),
    },
    adapter: () => ({
      create: async ({ model, data }) =>
        one(await rows(sql`insert into ${sql(model)} ${sql(columns(data))} returning *`)) as typeof data,
      findOne: async <T>({ model, where }: { model: string; where: CleanedWhere[] }) =>
        one(await rows(sql`select * from ${sql(model)} ${matching(where)} limit 1`)) as T | null,
      findMany: async <T>({ model, where, limit, offset, sortBy }: FindMany) => {
        if (offset || sortBy) throw new Error(`No such order: of ${model}`)
        return (await rows(
          sql`select * from ${sql(model)} ${matching(where)} order by id limit ${limit}`,
        )) as T[]
      },
      update: async <T>({ model, where, update }: { model: string; where: CleanedWhere[]; update: T }) =>
        one(
          await rows(
            sql`update ${sql(model)} set ${sql(columns(update as Row))} ${matching(where)} returning *`,
          ),
        ) as T | null,
      updateMany: async ({ model, where, update }) =>
        (await rows(sql`update ${sql(model)} set ${sql(columns(update))} ${matching(where)} returning id`))
          .length,
      delete: async ({ model, where }) =>
        void (await rows(sql`delete from ${sql(model)} ${matching(where)}`)),
      deleteMany: async ({ model, where }) =>
        (await rows(sql`delete from ${sql(model)} ${matching(where)} returning id`)).length,
      count: async ({ model, where }) =>
        Number(one(await rows(sql`select count(*) from ${sql(model)} ${matching(where)}`))!['count']),
    }),
  })(options)
  return adapter
}

type FindMany = {
  model: string
  where?: CleanedWhere[] | undefined
  limit: number
  offset?: number | undefined
  sortBy?: object | undefined
}

const one = (found: Row[]): Row | null => found[0] ?? null

const column = (field: string) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const columns = (data: Row): Row => renamed(data, column)
const fields = (row: Row): Row =>
  renamed(row, (name) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))

const renamed = (record: Row, rename: (name: string) => string): Row =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]))

const rows = async (statement: PromiseLike<readonly Row[]>): Promise<Row[]> =>
  (await noted(statement)).map(fields)

const operators: Record<string, string> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
}

/** Only what our operations ask for: an unknown condition is refused, never left out. */
function matching(where: CleanedWhere[] | undefined): Fragment {
  return (where ?? []).reduce(
    (before: Fragment, { field, value, operator, connector, mode }, index) => {
      const comparison = operators[operator ?? 'eq']
      if (!comparison || value === null || connector === 'OR' || mode === 'insensitive') {
        throw new Error(`No such condition: ${field} ${operator} ${connector} ${mode}`)
      }
      return sql`${before} ${index === 0 ? sql`where` : sql`and`} ${sql(column(field))} ${sql.unsafe(comparison)} ${value as string}`
    },
    sql``,
  )
}

type Failure = { error?: unknown }
const failures = new AsyncLocalStorage<Failure>()

/**
 * Runs `work` and throws what the database threw in it. Better Auth catches such errors: without this, a broken database
 * would answer "you are not signed in", and "you are signed out" while the session lives on.
 */
export async function withFailures<T>(work: () => Promise<T>): Promise<T> {
  const failure: Failure = {}
  const result = await failures.run(failure, work)
  if (failure.error) throw failure.error
  return result
}

async function noted<T>(statement: PromiseLike<T>): Promise<T> {
  try {
    return await statement
  } catch (error) {
    const failure = failures.getStore()
    if (failure) failure.error ??= isTaken(error) ? addressTaken() : error
    throw error
  }
}

/** Two sign-ups with one address at the same time: Better Auth has looked for it, and found it free. */
const isTaken = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.constraint_name === 'users_email_key'
