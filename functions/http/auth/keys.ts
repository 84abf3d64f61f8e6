/** The keys that sign tokens. */
import { symmetricDecrypt } from 'better-auth/crypto'
import type { JwtOptions } from 'better-auth/plugins/jwt'

type GetKeys = NonNullable<NonNullable<JwtOptions['adapter']>['getJwks']>
type Context = Parameters<GetKeys>[0]
type Key = NonNullable<Awaited<ReturnType<GetKeys>>>[number]

/**
 * All of them where they are published. Where one is to sign, those that the secret opens: after another secret was set that is
 * none, so Better Auth makes one, and what was signed before is good until it ends.
 */
export async function keysFor(ctx: Context): Promise<Key[]> {
  const keys = await ctx.context.adapter.findMany<Key>({ model: 'jwks' })
  if (ctx.path === '/jwks') return keys
  const opened = await Promise.all(keys.map((key) => isOpened(ctx, key)))
  return keys.filter((_, index) => opened[index])
}

const isOpened = (ctx: Context, { privateKey }: Key): Promise<boolean> =>
  symmetricDecrypt({ key: ctx.context.secretConfig, data: JSON.parse(privateKey) as string }).then(
    () => true,
    () => false,
  )
