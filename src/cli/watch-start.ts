import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { watchMetrics } from '../jobs/watch-metrics.ts'
import { readJob } from './job-config.ts'
import { serveMetrics } from './metrics-server.ts'
import { logReading } from './options.ts'
import { PatientTerminal } from './patient-terminal.ts'
import { Service } from './service.ts'
import type { Terminal } from './terminal.ts'
import { jobOf, metricsOf, type WatchOptions } from './watch.ts'
import { WatchControl } from './watch-control.ts'
import { FileWatch } from './watch-files.ts'
import { watchStream } from './watch-stream.ts'
import { type LoadedJob, loadJob, WatchedJob } from './watched-job.ts'

/** Watches until a signal, or the end of standard input, ends it: then the exit status is 0. Throws what else does. */
export async function watch(inputs: readonly string[], options: WatchOptions, plain: Terminal): Promise<void> {
  const terminal = new PatientTerminal(plain)
  const load = async () => loadJob(inputs.length > 0 ? jobOf(inputs, options) : await readJob(options.config), terminal)
  const job = await load()
  const isStream = inputs[0] === '-'
  const address = metricsOf(options, job.config.job)
  const service = new Service(terminal)
  const control = new WatchControl(() => {
    terminal.note('ending: what is half read is left for the next time (again to end at once)')
    service.stopping()
    if (isStream) terminal.stdin.destroy()
  })
  let files: FileWatch | undefined
  const watched = new WatchedJob(job, terminal, {
    stopped: () => control.stopping,
    alive: () => service.alive(),
    outcome: (outcome) => files?.outcome(outcome),
    judged: (line) => service.status(line),
  })
  const server = address && (await serveMetrics(address, () => metricsText(watched, files)))
  try {
    terminal.event('start', { job: job.config.file, store: job.pass.options.store })
    const { store } = job.pass.options
    terminal.note(
      `watching ${isStream ? 'standard input' : harmless(inputs.length > 0 ? inputs.join(' ') : options.config)}; store ${harmless(store)}`,
    )
    service.ready()
    if (isStream) {
      const read = { inputs, ...(await logReading(options)) }
      await watchStream(watched, { read, groupOf: () => 'inputs' }, control, () => service.alive())
    } else {
      files = new FileWatch(watched, control, Math.min(options.poll, service.longestPause), terminal)
      await files.run(
        () => service.alive(),
        () => reload(watched, load, control, terminal),
      )
    }
    if (control.failure !== undefined) throw control.failure
  } catch (thrown) {
    await watched.fail(thrown)
    throw thrown
  } finally {
    files?.close()
    server?.close()
    control.release()
    await service.close()
  }
}

/** Takes what the job file and the rules say now; where they hold a mistake, says so, and goes on with the old. */
async function reload(
  watched: WatchedJob,
  load: () => Promise<LoadedJob>,
  control: WatchControl,
  terminal: PatientTerminal,
): Promise<void> {
  control.reload = false
  terminal.forget()
  terminal.note('reading the job file, policy and signatures anew')
  try {
    const job = await load()
    const { store } = watched.job.pass.options
    if (job.pass.options.store !== store) {
      throw new OffchannelError('job_invalid', `store: is no longer ${harmless(store)}: begin the watch anew for that`)
    }
    await watched.replace(job)
  } catch (thrown) {
    if (!(thrown instanceof OffchannelError)) throw thrown
    terminal.problem(`${messageOf(thrown)}; going on as before`)
  }
}

function metricsText(watched: WatchedJob, files: FileWatch | undefined): string {
  const { user, system } = process.cpuUsage()
  const memory = process.memoryUsage.rss()
  const cpu = (user + system) / 1e6
  const { file: job } = watched.job.config
  return watched.metrics + watchMetrics({ job, inputs: files?.lag() ?? [], memory, cpu, looks: files?.looks ?? 0 })
}
