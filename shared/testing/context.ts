/** Runs a step as its loop would: as a unit of work with a trace and a cause. */
import { withContext } from '../runtime/context.ts'
import { childTrace } from '../runtime/trace.ts'

export const inContext = <T>(step: () => Promise<T>): Promise<T> =>
  withContext(
    {
      requestId: 'test',
      traceparent: childTrace(undefined),
      cause: { by: 'schedule', function: 'test' },
      after: { wake: new Set() },
    },
    step,
  )
