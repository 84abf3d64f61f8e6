/** The operations of Better Auth that the API promises; it serves more of them under the same path. */

const text = { type: 'string' }
const json = (schema: object) => ({ 'application/json': { schema } })
const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  required,
  properties,
})

const id = { type: 'string', format: 'uuid' }
const success = { type: 'boolean' }
const user = object({ id, email: text, name: text })
const problem = { $ref: '#/components/responses/Problem' }
const session = object({ token: { type: ['string', 'null'], description: 'The session token.' }, user })

const password = { type: 'string', minLength: 8, maxLength: 128 }
const email = { type: 'string', format: 'email' }

export const authTags = [{ name: 'auth' }]

export const authPaths = {
  '/api/auth/sign-up/email': {
    post: {
      operationId: 'auth-sign-up',
      tags: ['auth'],
      summary: 'Makes an account and a session',
      security: [],
      requestBody: { required: true, content: json(object({ name: text, email, password })) },
      responses: { '200': { description: 'The session', content: json(session) }, default: problem },
    },
  },
  '/api/auth/sign-in/email': {
    post: {
      operationId: 'auth-sign-in',
      tags: ['auth'],
      summary: 'Makes a session',
      security: [],
      requestBody: { required: true, content: json(object({ email, password })) },
      responses: { '200': { description: 'The session', content: json(session) }, default: problem },
    },
  },
  '/api/auth/token': {
    get: {
      operationId: 'auth-token',
      tags: ['auth'],
      summary: 'Exchanges the session token, sent as bearer, for the JWT that every other operation takes',
      responses: {
        '200': { description: 'The JWT', content: json(object({ token: text })) },
        default: problem,
      },
    },
  },
  '/api/auth/sign-out': {
    post: {
      operationId: 'auth-sign-out',
      tags: ['auth'],
      summary: 'Ends the session',
      responses: { '200': { description: 'Ended', content: json(object({ success })) }, default: problem },
    },
  },
  '/api/auth/get-session': {
    get: {
      operationId: 'auth-get-session',
      tags: ['auth'],
      summary: 'Reads the session, or null',
      responses: {
        '200': {
          description: 'The session',
          content: json({
            type: ['object', 'null'],
            required: ['session'],
            properties: { session: object({ id }) },
          }),
        },
        default: problem,
      },
    },
  },
  '/api/auth/change-password': {
    post: {
      operationId: 'auth-change-password',
      tags: ['auth'],
      summary: 'Changes the password',
      requestBody: {
        required: true,
        content: json(
          object(
            { currentPassword: password, newPassword: password, revokeOtherSessions: { type: 'boolean' } },
            ['currentPassword', 'newPassword'],
          ),
        ),
      },
      responses: { '200': { description: 'The account', content: json(object({ user })) }, default: problem },
    },
  },
  '/api/auth/delete-user': {
    post: {
      operationId: 'auth-delete-user',
      tags: ['auth'],
      summary: 'Deletes the account and everything that belongs to it',
      requestBody: { required: true, content: json(object({ password })) },
      responses: { '200': { description: 'Deleted', content: json(object({ success })) }, default: problem },
    },
  },
  '/api/auth/jwks': {
    get: {
      operationId: 'auth-jwks',
      tags: ['auth'],
      summary: 'The public keys that the JWTs are signed with (RFC 7517)',
      security: [],
      responses: {
        '200': {
          description: 'The key set',
          content: json(object({ keys: { type: 'array', items: { type: 'object' } } })),
        },
        default: problem,
      },
    },
  },
}
