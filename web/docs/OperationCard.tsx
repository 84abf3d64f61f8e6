import { useId, useState } from 'react'
import { apiOrigin } from '../api/address.ts'
import { asApiError } from '../api/error.ts'
import { accessToken } from '../api/token.ts'
import { sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { Button } from '../parts/Button.tsx'
import { kindOf, sampleOf, type Entry, type Parameter, type Schema } from './document.ts'
import { Prose } from './Prose.tsx'
import styles from './Reference.module.css'

const shownMax = 20_000

export function OperationCard({ entry }: { entry: Entry }) {
  const { method, path, operation } = entry
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details className={styles.operation} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.method}>{method}</span>
        <span className={styles.path}>{path}</span>
        <span className={styles.summary}>{operation.summary}</span>
      </summary>
      {isOpen && <Trial entry={entry} />}
    </details>
  )
}

function Trial({ entry: { method, path, operation } }: { entry: Entry }) {
  const t = useT()
  const { parameters = [], requestBody, responses } = operation
  const bodySchema = requestBody?.content['application/json']?.schema
  const replySchema = Object.values(responses).find(({ content }) => content)?.content?.['application/json']
    ?.schema
  const [values, setValues] = useState<Record<string, string>>({})
  const [body, setBody] = useState(() => sampleOf(bodySchema))
  const [reply, setReply] = useState('')

  async function send() {
    setReply('…')
    try {
      const answer = await request(method, path, operation.security ? '' : await accessToken(), {
        parameters,
        values,
        body: bodySchema ? body : undefined,
      })
      setReply(answer.slice(0, shownMax))
    } catch (thrown) {
      setReply(sentence(asApiError(thrown)))
    }
  }

  return (
    <div className={styles.body}>
      {parameters.length > 0 && <h3>Parameters</h3>}
      {parameters.map((parameter) => (
        <ParameterField
          key={`${parameter.in} ${parameter.name}`}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          change={(value) => setValues((before) => ({ ...before, [parameter.name]: value }))}
        />
      ))}
      {bodySchema && (
        <>
          <h3>Body</h3>
          <Kinds schema={bodySchema} />
          <textarea
            className={styles.text}
            aria-label="Body"
            spellCheck={false}
            value={body}
            onChange={(event) => setBody(event.target.value)}
          />
        </>
      )}
      {replySchema && (
        <>
          <h3>Reply</h3>
          <Kinds schema={replySchema} />
        </>
      )}
      <Button look="primary" className={styles.send ?? ''} onClick={() => void send()}>
        {t('docs.send')}
      </Button>
      {reply && (
        <pre className={styles.reply} role="status" tabIndex={0}>
          {reply}
        </pre>
      )}
    </div>
  )
}

type FieldProps = { parameter: Parameter; value: string; change: (value: string) => void }

function ParameterField({
  parameter: { name, in: place, required, description, schema },
  value,
  change,
}: FieldProps) {
  const id = useId()
  const about = description ?? schema.description
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {name}
        {required ? ' *' : ''}
      </label>
      <input id={id} value={value} onChange={(event) => change(event.target.value)} />
      <small>
        {place}, {kindOf(schema)}
        {about && ': '}
        <Prose text={about ?? ''} />
      </small>
    </div>
  )
}

function Kinds({ schema }: { schema: Schema }) {
  const shown =
    schema.properties ?? (schema.anyOf ?? schema.oneOf)?.find(({ properties }) => properties)?.properties
  return (
    <ul className={styles.kinds}>
      {Object.entries(shown ?? {}).map(([name, each]) => (
        <li key={name}>
          {name} <span>{kindOf(each)}</span>
        </li>
      ))}
    </ul>
  )
}

type Given = { parameters: Parameter[]; values: Record<string, string>; body: string | undefined }

/** Status, and the body as it came, indented when it is JSON. */
async function request(method: string, path: string, token: string, { parameters, values, body }: Given) {
  const given = (place: Parameter['in']) =>
    parameters.flatMap(({ name, in: where }) =>
      where === place && values[name] ? [[name, values[name]] as const] : [],
    )
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
  const query = new URLSearchParams(given('query').map(([name, value]) => [name, value])).toString()
  const reply = await fetch(`${apiOrigin}${filled}${query && `?${query}`}`, {
    method,
    credentials: 'include',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...Object.fromEntries(given('header')),
    },
    ...(body !== undefined && { body }),
  })
  const text = await reply.text()
  const type = reply.headers.get('content-type') ?? ''
  return `${reply.status} ${reply.statusText}\n\n${type.includes('json') && text ? JSON.stringify(JSON.parse(text), null, 2) : text}`
}
