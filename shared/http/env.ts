/** What a handler finds at `c.env` and `c.var`. */
export type Env = {
  /** Given by the server around the function. */
  Bindings: {
    functionName: string
    /** The other end of the connection. */
    address?: string | undefined
  }
  Variables: {
    requestId: string
    /** The caller, after `requireUser`. */
    userId: string
  }
}
