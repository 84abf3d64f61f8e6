/** W3C Trace Context (https://www.w3.org/TR/trace-context/), as much as it takes to hand a trace on. */
import { randomUUID } from 'node:crypto'

const traceparentPattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** A child of the given `traceparent`: same trace, new span. A missing or malformed one starts a new trace. */
export function childTrace(traceparent: string | undefined | null): string {
  const traceId = traceparent ? traceparentPattern.exec(traceparent)?.[1] : undefined
  return `00-${traceId ?? randomHex()}-${randomHex().slice(0, 16)}-01`
}

/** 32 digits. Node makes identifiers from a pool of random bytes; asking for bytes each time is a system call each time. */
const randomHex = () => randomUUID().replaceAll('-', '')
