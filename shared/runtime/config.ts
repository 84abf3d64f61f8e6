/** Every setting of the system in one place. No other file reads the environment. */
import * as v from 'valibot'

/** A setting: its schema, with what it does and what happens when it is empty as its description. */
const setting = <const S extends v.GenericSchema<string | undefined, unknown>>(
  schema: S,
  description: string,
) => v.pipe(schema, v.description(description))

const integer = (fallback: string, min: number, max: number) =>
  v.pipe(v.optional(v.string(), fallback), v.digits(), v.toNumber(), v.minValue(min), v.maxValue(max))

const flag = v.pipe(
  v.optional(v.picklist(['true', 'false', '']), 'false'),
  v.transform((text) => text === 'true'),
)

const list = v.pipe(
  v.optional(v.string(), ''),
  v.transform((text) => text.split(',').flatMap((entry) => entry.trim() || [])),
)

const settings = {
  database: v.object({
    DATABASE_URL: setting(
      v.pipe(v.string(), v.startsWith('postgres')),
      'Postgres 15 or newer. Empty: `npm start` runs an embedded Postgres 18; a function refuses to become ready.',
    ),
    DATABASE_POOL_SIZE: setting(
      integer('5', 1, 200),
      'Connections of one process. Empty: 5 (20 for `npm start`).',
    ),
    DATABASE_STATEMENT_TIMEOUT_MS: setting(
      integer('10000', 100, 600_000),
      'After this a statement is cancelled and the request answers 503. Empty: 10 s.',
    ),
  }),
  auth: v.object({
    AUTH_SECRET: setting(
      v.optional(v.string(), ''),
      'Encrypts the private signing keys; 32 characters or more. After a change a new key signs. Empty: `npm start` makes one and keeps it in `DATA_DIR`; the function `auth` refuses to start.',
    ),
    AUTH_ISSUER: setting(
      v.optional(v.string(), 'todo'),
      'The `iss` that tokens carry and must carry. Empty: `todo`.',
    ),
    AUTH_AUDIENCE: setting(v.optional(v.string(), 'todo-api'), 'The `aud` of tokens. Empty: `todo-api`.'),
    AUTH_JWKS_URL: setting(
      v.optional(v.string(), ''),
      'Key set of an external OIDC issuer. Empty: our own keys, read from the table `jwks`.',
    ),
    AUTH_URL: setting(
      v.optional(v.string(), 'http://localhost:3000'),
      'Public address of the API, for cookies and trusted origins. Empty: `http://localhost:3000`.',
    ),
    AUTH_TRUSTED_ORIGINS: setting(
      list,
      'Further origins whose pages may sign in and use the API, comma-separated. Empty: none.',
    ),
  }),
  http: v.object({
    PORT: setting(
      integer('3000', 0, 65_535),
      'Port to listen on; 0 takes a free one. Empty: 3000 (Knative sets it).',
    ),
    HOST: setting(
      v.optional(v.string(), ''),
      'Address to listen on. Empty: all (`127.0.0.1` for `npm start`).',
    ),
    DRAIN_TIMEOUT_MS: setting(
      integer('20000', 0, 600_000),
      'How long a stopping process waits for running requests. Empty: 20 s.',
    ),
  }),
  dapr: v.object({
    DAPR_HTTP_PORT: setting(
      integer('3500', 1, 65_535),
      'Port of the Dapr sidecar, set by Dapr. Empty: 3500.',
    ),
    DAPR_API_TOKEN: setting(
      v.optional(v.string(), ''),
      'Token that the sidecar asks of us. Empty: none is sent.',
    ),
    APP_API_TOKEN: setting(
      v.optional(v.string(), ''),
      'Token that every delivery and tick must carry as `dapr-api-token`. Empty: deliveries and ticks are refused.',
    ),
    PUBSUB_NAME: setting(
      v.optional(v.string(), 'pubsub'),
      'Name of the pub/sub component; the second one of the same broker has `-spare` behind it. Empty: `pubsub`.',
    ),
    MAIL_BINDING_NAME: setting(v.optional(v.string(), 'smtp'), 'Name of the mail binding. Empty: `smtp`.'),
  }),
  mail: v.object({
    MAIL_FROM: setting(
      v.optional(v.string(), 'todo@localhost'),
      'Sender of every mail. Empty: `todo@localhost`, which real servers refuse.',
    ),
    APP_URL: setting(
      v.optional(v.string(), 'http://localhost:3000'),
      'Where links in mails point. Empty: `http://localhost:3000`.',
    ),
  }),
  log: v.object({
    LOG_LEVEL: setting(
      v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
      'The least level that is written. Empty: `info`.',
    ),
    LOG_FORMAT: setting(
      v.optional(v.picklist(['json', 'pretty']), 'json'),
      '`json` or `pretty`. Empty: `json` (`pretty` for `npm start` in a terminal).',
    ),
  }),
  embedded: v.object({
    DATA_DIR: setting(v.optional(v.string(), '.data'), 'Where `npm start` keeps everything. Empty: `.data`.'),
    SMTP_URL: setting(
      v.optional(v.string(), ''),
      'Mail server of `npm start` and `npm run stack`, such as `smtp://user:password@host:587`. Empty: mails go to `DATA_DIR/mail/*.eml`.',
    ),
    DEMO: setting(
      v.optional(v.picklist(['true', 'false']), 'true'),
      'Whether a new database gets a demo account with sample tasks. Empty: `true`.',
    ),
  }),
  stack: v.object({
    STACK_PORTS: setting(
      integer('13000', 1024, 65_000),
      'First of the 300 ports of `npm run stack`; the page of its parts is on it. Empty: 13000.',
    ),
    DAPRD: setting(
      v.optional(v.string(), ''),
      'The Dapr sidecar, 1.18.3 or newer. Empty: the one on the path or of the Dapr CLI, or else one is built, once.',
    ),
    KAFKA_BROKERS: setting(
      v.optional(v.string(), ''),
      'Addresses of a Kafka or Redpanda cluster, comma-separated. Empty: a Kafka of our own (Java 17 and Maven).',
    ),
  }),
  limits: v.object({
    SIGN_IN_RATE_LIMIT: setting(
      integer('10', 1, 100_000),
      'Tries to sign in or sign up per minute and address. Empty: 10.',
    ),
    TRUST_FORWARDED_FOR: setting(flag, '`true` where a gateway sets `x-forwarded-for`. Empty: `false`.'),
  }),
} as const

export type Section = keyof typeof settings
export type Config<S extends Section> = v.InferOutput<(typeof settings)[S]>

const parsed = new Map<Section, unknown>()

/**
 * The settings of one section, parsed once. A function asks only for what it needs, so a missing mail setting never
 * stops `task-get`. Throws an error that names every wrong setting and never shows a value.
 */
export function config<S extends Section>(section: S): Config<S> {
  const known = parsed.get(section)
  if (known) return known as Config<S>
  const result = v.safeParse(settings[section], withoutEmpty(process.env))
  if (!result.success) {
    const wrong = result.issues.map(
      (issue) => `${v.getDotPath(issue)}: ${issue.expected ?? issue.type} expected`,
    )
    throw new Error(`Configuration: ${wrong.join('; ')}. See docs/configuration.md.`)
  }
  parsed.set(section, result.output)
  return result.output
}

/** Sets settings for this process before they are read: the embedded host and the tests start this way. */
export function configure(values: Record<string, string>): void {
  Object.assign(process.env, values)
  parsed.clear()
}

/** Name, default and description of every setting, for the documentation. */
export function describeSettings(): { section: Section; name: string; description: string }[] {
  return Object.entries(settings).flatMap(([section, schema]) =>
    Object.entries(schema.entries).map(([name, entry]) => ({
      section: section as Section,
      name,
      description: v.getDescription(entry as v.GenericSchema) ?? '',
    })),
  )
}

/** An empty variable means the same as a missing one: that is how deployment tools unset them. */
function withoutEmpty(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}
