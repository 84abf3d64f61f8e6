/** The processor time of this thread in milliseconds that `work` takes: what a busy machine does not change. */
export function processorMs(work: () => void): number {
  const start = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1_000
}
