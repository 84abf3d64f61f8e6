/** What has to hold before a process may serve. */
const checks: (() => void)[] = []

/** Registers a check of a function's own: it throws when the function must not be served. */
export function onStart(check: () => void): void {
  checks.push(check)
}

/** Runs every check that was registered; whoever serves calls it before it listens. */
export function checkStart(): void {
  for (const check of checks) check()
}
