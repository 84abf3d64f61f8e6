/** What the functions have to be told on a machine of one's own, unless its environment tells them. */
import { config } from '../shared/runtime/config.ts'
import { ownSecret } from './secret.ts'

/** Where people find the system. */
export const hereUrl = (): string => `http://localhost:${config('http').PORT}`

/** The secret is kept in `directory`, so that sessions outlive a restart. */
export async function ownSettings(directory: string): Promise<Record<string, string>> {
  const given = process.env
  const here = hereUrl()
  const { PORT } = config('http')
  return {
    AUTH_SECRET: given['AUTH_SECRET'] || (await ownSecret(directory)),
    HOST: given['HOST'] || '127.0.0.1',
    AUTH_URL: given['AUTH_URL'] || here,
    AUTH_TRUSTED_ORIGINS: given['AUTH_TRUSTED_ORIGINS'] || `http://127.0.0.1:${PORT}`,
    APP_URL: given['APP_URL'] || here,
  }
}
