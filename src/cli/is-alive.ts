/** Whether there is a process of this id on this machine. */
export function isAlive(pid: number): boolean {
  try {
    // https://nodejs.org/api/process.html#processkillpid-signal: 0 only asks.
    return process.kill(pid, 0)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
