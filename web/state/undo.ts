/** What can be taken back, the latest last. */

/** `touched`: the fields that the step has changed, as `id field`. */
export type Step = { label: string; undo: () => void; touched?: readonly string[] }

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

/** Takes a step back that is not the latest perhaps, after those that went on from it. */
export function undoStep(step: Step): void {
  const at = steps.indexOf(step)
  if (at === -1) return
  const isBuiltOn = ({ touched }: Step) => touched?.some((field) => step.touched?.includes(field))
  const built = steps.slice(at + 1).filter(isBuiltOn)
  for (const later of built.toReversed()) take(later)
  take(step)
}

function take(step: Step): void {
  steps.splice(steps.indexOf(step), 1)
  step.undo()
}
