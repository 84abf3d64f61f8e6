/** Passwords are hashed slowly on purpose: each takes 32 MB and a processor for some 60 ms. */
import { Problem } from '../../../shared/contract/problem.ts'

/** More at a time would take no less time in all, and more memory than the container has. */
const atATime = 2
/** How many may wait: a caller who would wait for longer than some seconds had better come again. */
const waitingMax = 50

let running = 0
const waiting: (() => void)[] = []

/** Does `work` when it is its turn. Throws a `Problem` when too many wait already. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < atATime) running++
  else await turn()
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

function turn(): Promise<void> {
  if (waiting.length >= waitingMax) {
    throw new Problem('unavailable', 'Too many people sign in right now. Try again in a moment.', {
      headers: { 'retry-after': '5' },
    })
  }
  return new Promise((go) => waiting.push(go))
}
