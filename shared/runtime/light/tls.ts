/** In the place of `tls` in the database driver: loaded when a connection is to be encrypted. */
import type { connect } from 'node:tls'

export default {
  connect: (...given: Parameters<typeof connect>) => process.getBuiltinModule('node:tls').connect(...given),
}
