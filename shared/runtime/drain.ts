/** What has to end in good order before a process may exit. */
const steps: (() => Promise<void>)[] = []

/** Registers something to be ended when the process stops. It may be asked to end more than once. */
export function onDrain(end: () => Promise<void>): void {
  steps.push(end)
}

/** Ends everything that was registered, last first. */
export async function drain(): Promise<void> {
  for (const end of steps.toReversed()) await end()
}
