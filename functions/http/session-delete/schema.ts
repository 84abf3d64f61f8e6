import * as v from 'valibot'
import { Id } from '../../../shared/contract/fields.ts'

export const Params = v.object({ session_id: Id })
