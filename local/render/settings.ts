/** Which settings a function gets in a cluster, and from where: no more than it reads. */
import type { FunctionSpec } from '../../functions/spec.ts'
import type { Section } from '../../shared/runtime/config.ts'

/**
 * Where a setting comes from. A missing secret keeps the pod from starting; every other setting has a
 * default. `platform`: set by Knative or Dapr. `local`: read by `npm start` alone.
 */
export type Source = { secret: string; key: string } | { configMap: 'todo' } | 'platform' | 'local'

/** Dapr wants its tokens in secrets of their own, under the key `token`. */
export const appTokenSecret = 'app-token'

const secret = (key: string): Source => ({ secret: 'todo', key })
const configMap: Source = { configMap: 'todo' }

/** Every setting of `shared/runtime/config.ts`; a test compares the two. */
export const sources: Record<Section, Record<string, Source>> = {
  database: {
    DATABASE_URL: secret('DATABASE_URL'),
    DATABASE_POOL_SIZE: configMap,
    DATABASE_STATEMENT_TIMEOUT_MS: configMap,
  },
  auth: {
    AUTH_SECRET: secret('AUTH_SECRET'),
    AUTH_ISSUER: configMap,
    AUTH_AUDIENCE: configMap,
    AUTH_JWKS_URL: configMap,
    AUTH_URL: configMap,
    AUTH_TRUSTED_ORIGINS: configMap,
  },
  http: { PORT: 'platform', HOST: 'local', DRAIN_TIMEOUT_MS: configMap },
  dapr: {
    DAPR_HTTP_PORT: 'platform',
    DAPR_API_TOKEN: 'local',
    APP_API_TOKEN: { secret: appTokenSecret, key: 'token' },
    PUBSUB_NAME: 'local',
    MAIL_BINDING_NAME: 'local',
  },
  mail: { MAIL_FROM: configMap, APP_URL: configMap },
  log: { LOG_LEVEL: configMap, LOG_FORMAT: 'local' },
  embedded: { DATA_DIR: 'local', SMTP_URL: 'local', DEMO: 'local' },
  stack: { STACK_PORTS: 'local', DAPRD: 'local', KAFKA_BROKERS: 'local' },
  limits: { SIGN_IN_RATE_LIMIT: configMap, TRUST_FORWARDED_FOR: configMap },
}

/** What verifying a token takes. The rest of the section signs people in. */
const verifying = new Set(['AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_JWKS_URL'])

/** Sections beyond what the trigger implies. */
const further: Record<string, Section[]> = { auth: ['limits'], 'notification-email': ['mail'] }

/** Sections that a function may read; a test compares them with what its bundle does read. */
export function sectionsOf(name: string, row: FunctionSpec): Section[] {
  const own: Section = row.trigger === 'http' ? 'auth' : 'dapr'
  return ['database', 'http', 'log', own, ...(further[name] ?? [])]
}

/** The `env` of a function's container. */
export function functionEnvironment(name: string, row: FunctionSpec): object[] {
  const onlyVerifies = row.trigger === 'http' && row.caller !== 'anyone'
  return environment(
    sectionsOf(name, row),
    (section, setting) => section !== 'auth' || !onlyVerifies || verifying.has(setting),
  )
}

/** The `env` of a container that reads these sections. */
export const environment = (
  sections: Section[],
  wanted: (section: Section, setting: string) => boolean = () => true,
): object[] =>
  sections.flatMap((section) =>
    Object.entries(sources[section])
      .filter(([setting]) => wanted(section, setting))
      .flatMap(([setting, source]) => (typeof source === 'string' ? [] : [variable(setting, source)])),
  )

function variable(name: string, source: Exclude<Source, string>): object {
  return 'secret' in source
    ? { name, valueFrom: { secretKeyRef: { name: source.secret, key: source.key } } }
    : { name, valueFrom: { configMapKeyRef: { name: source.configMap, key: name, optional: true } } }
}
