import { gauge } from './prometheus.ts'

/** How a watch is at this moment. */
export interface WatchState {
  /** Path of the job file. */
  readonly job: string
  readonly inputs: readonly {
    readonly input: string
    /** Bytes that lie there and were not read. */
    readonly bytes: number
    /** Microseconds: for how long there has been something that was not read. */
    readonly behind: number
  }[]
  /** In bytes. */
  readonly memory: number
  /** Seconds of all threads. */
  readonly cpu: number
  /** Looks that have ended. */
  readonly looks: number
}

/** What a watch says of itself beside what its store says, in the text format of `prometheusText`. */
export function watchMetrics({ job, inputs, memory, cpu, looks }: WatchState): string {
  const config = { config: job }
  const byInput = (valueFrom: (input: WatchState['inputs'][number]) => number) =>
    inputs.map((one) => [{ ...config, input: one.input }, valueFrom(one)] as const)
  return [
    gauge(
      'watch_input_waiting_bytes',
      'Bytes that lie there and were not read.',
      byInput(({ bytes }) => bytes),
    ),
    gauge(
      'watch_input_lag_seconds',
      'For how long there has been something that was not read.',
      byInput(({ behind }) => behind / 1e6),
    ),
    gauge('watch_memory_bytes', 'Memory that the process has (resident set).', [[config, memory]]),
    gauge('watch_cpu_seconds', 'Processor time of the process since it began.', [[config, cpu]]),
    gauge('watch_looks', 'How often the inputs were looked at since the process began.', [[config, looks]]),
  ].join('')
}
