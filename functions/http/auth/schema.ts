import * as v from 'valibot'
import { text } from '../../../shared/contract/fields.ts'

/** As Better Auth wants it: of the usual form, in lower case, at most what SMTP can carry (RFC 5321, section 4.5.3.1.3). */
const Email = v.pipe(
  text(254),
  v.trim(),
  v.toLowerCase(),
  v.regex(
    /^(?!\.)(?!.*\.\.)[a-z0-9_'+.-]*[a-z0-9_+-]@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
    'Give a mail address, such as ada@example.org.',
  ),
)

const passwordLengthMin = 8
const passwordLengthMax = 128

const NewPassword = v.pipe(
  text(passwordLengthMax),
  v.minLength(passwordLengthMin, `Use at least ${passwordLengthMin} characters.`),
)

/** A password to be compared. One that cannot be right is refused like one that is not. */
const Password = v.pipe(text(passwordLengthMax), v.minLength(1, 'Give the password.'))

export const SignUp = v.strictObject({
  name: v.pipe(text(200), v.trim(), v.minLength(1, 'Give a name of 1 to 200 characters.')),
  email: Email,
  password: NewPassword,
  rememberMe: v.optional(v.boolean()),
})

export const SignIn = v.strictObject({
  email: Email,
  password: Password,
  rememberMe: v.optional(v.boolean()),
})

export const ChangePassword = v.strictObject({
  currentPassword: Password,
  newPassword: NewPassword,
  revokeOtherSessions: v.optional(v.boolean()),
})

/** Whoever holds a session alone cannot end the account. */
export const DeleteUser = v.strictObject({ password: Password })

const Nothing = v.optional(v.strictObject({}))

/** Everything that is served, with the body that it takes. */
export const operations: ReadonlyMap<string, v.GenericSchema> = new Map<string, v.GenericSchema>([
  ['POST /api/auth/sign-up/email', SignUp],
  ['POST /api/auth/sign-in/email', SignIn],
  ['POST /api/auth/sign-out', Nothing],
  ['POST /api/auth/change-password', ChangePassword],
  ['POST /api/auth/revoke-sessions', Nothing],
  ['POST /api/auth/delete-user', DeleteUser],
  ['GET /api/auth/get-session', Nothing],
  ['GET /api/auth/token', Nothing],
  ['GET /api/auth/jwks', Nothing],
])

/** Whether a caller could guess by trying, at the price of a slow hash for us. */
export const takesPassword = (schema: v.GenericSchema): boolean => schema !== Nothing
