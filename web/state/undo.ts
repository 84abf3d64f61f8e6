/** What can be taken back, the latest last. */

export type Step = { label: string; undo: () => void }

const stepsMax = 50
const steps: Step[] = []

export function remember(step: Step): Step {
  steps.push(step)
  if (steps.length > stepsMax) steps.shift()
  return step
}

/** Takes the latest step back; undefined when there is none. */
export function undoLast(): Step | undefined {
  const step = steps.pop()
  step?.undo()
  return step
}

/** Takes a step back that is not the latest perhaps. */
export function undoStep(step: Step): void {
  const at = steps.indexOf(step)
  if (at === -1) return
  steps.splice(at, 1)
  step.undo()
}
