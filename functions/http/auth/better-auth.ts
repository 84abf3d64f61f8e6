/** Better Auth, set up for our tables, our settings and our errors. */
import { betterAuth } from 'better-auth/minimal'
import { bearer } from 'better-auth/plugins/bearer'
import { jwt } from 'better-auth/plugins/jwt'
import { transaction } from '../../../shared/data/sql.ts'
import { config } from '../../../shared/runtime/config.ts'
import { databaseAdapter, withFailures } from './adapter.ts'
import { keysFor } from './keys.ts'
import { refusal } from './refusal.ts'
import { authSecret } from './secret.ts'

/** How long a key signs, and how long it is published afterwards: longer than the tokens that it signed last. */
const keySignsSeconds = 30 * 86_400
const keyKeptSeconds = 7_200

let auth: ReturnType<typeof setUp> | undefined

/** Has Better Auth answer a request with a checked body. Throws a `Problem` for what it refuses. */
export async function answer(request: Request, body: object | undefined): Promise<Response> {
  const { handler } = (auth ??= setUp())
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  // Programs whose `fetch` announces a mode, as Node's does, are no browsers: those say from which site they come, too.
  if (!headers.has('sec-fetch-site')) headers.delete('sec-fetch-mode')
  if (body) headers.set('content-type', 'application/json')
  const { method, url } = request
  const asked = async () => {
    const reply = await withFailures(() =>
      handler(new Request(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })),
    )
    if (!reply.ok) throw await refusal(reply, body)
    return reply
  }
  return new URL(url).pathname.endsWith('/delete-user') ? asOne(asked) : asked()
}

/**
 * Better Auth deletes sessions, password and account one by one: an account whose deletion fails would be left without a way
 * in, and its reminders would go on. Its tasks go with it, which takes as long as there are tasks.
 */
const asOne = <T>(work: () => Promise<T>): Promise<T> =>
  transaction(async (tx) => {
    await tx`set local statement_timeout = 0`
    return work()
  })

function setUp() {
  const { AUTH_URL, AUTH_TRUSTED_ORIGINS, AUTH_ISSUER, AUTH_AUDIENCE } = config('auth')
  return betterAuth({
    database: databaseAdapter,
    secret: authSecret(),
    baseURL: new URL(AUTH_URL).origin,
    basePath: '/api/auth',
    trustedOrigins: AUTH_TRUSTED_ORIGINS,
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    // What belongs to the account goes with its row.
    user: { modelName: 'users', deleteUser: { enabled: true } },
    session: { modelName: 'sessions' },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    plugins: [
      bearer(),
      jwt({
        adapter: { getJwks: keysFor },
        jwks: {
          keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' },
          rotationInterval: keySignsSeconds,
          gracePeriod: keyKeptSeconds,
        },
        jwt: {
          issuer: AUTH_ISSUER,
          audience: AUTH_AUDIENCE,
          expirationTime: '1h',
          // Whoever reads a token learns who, not what name and address they have.
          definePayload: () => ({}),
        },
        disableSettingJwtHeader: true,
      }),
    ],
    // limit.ts counts, and counts only what can be guessed.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    onAPIError: { throw: true },
    // It would log mail addresses. What fails is thrown, and logged like everywhere else.
    logger: { disabled: true },
    advanced: {
      // Better Auth would not check where NODE_ENV is `test`.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { disableIpTracking: true },
    },
  })
}
