import { SEVERITIES } from '../model/finding.ts'
import type { Status } from './status.ts'

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

/**
 * The status of one job as node_exporter's textfile collector reads it: the text format without time stamps, which
 * https://prometheus.io/docs/instrumenting/exposition_formats/ and https://github.com/prometheus/node_exporter
 * describe. Every sample has the path of the job file as its label `config`.
 */
export function prometheusText({ store, findings, runs, inputs, outputs }: Status, job: string): string {
  const run = runs.find((one) => one.job === job)
  const own = inputs.filter((input) => input.job === job)
  const config = { config: job }
  const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [[config, value]])
  const byInput = (valueFrom: (input: (typeof own)[number]) => number | undefined): Sample[] =>
    own.flatMap((input) => {
      const value = valueFrom(input)
      return value === undefined ? [] : [[{ ...config, input: input.name }, value] as const]
    })
  const byOutput = (count: 'waiting' | 'dead'): Sample[] =>
    outputs.filter((output) => output.job === job).map((output) => [{ ...config, output: output.name }, output[count]])
  return [
    gauge('run_start_timestamp_seconds', 'When the last run began.', one(seconds(run?.started))),
    gauge('run_end_timestamp_seconds', 'When the last run ended.', one(seconds(run?.ended))),
    gauge('run_exit_status', 'What the last run ended with: 0 clean, 1 findings, 2 problems.', one(run?.status)),
    gauge('run_problems', 'Lines about something wrong in the last run.', one(run?.problems)),
    gauge('run_inputs', 'Inputs that the last run found.', one(run?.inputs)),
    gauge('run_inputs_read', 'Inputs with new content that the last run read.', one(run?.read)),
    gauge('run_read_bytes', 'Bytes of new content, unpacked, that the last run read.', one(run?.bytes)),
    gauge('run_records', 'Packets and log records of new content that the last run read.', one(run?.records)),
    gauge(
      'input_last_read_timestamp_seconds',
      'When something new of the input was last read.',
      byInput(({ lastRead }) => seconds(lastRead)),
    ),
    gauge(
      'input_expected_interval_seconds',
      'The longest that nothing new of the input may come.',
      byInput(({ every }) => every),
    ),
    gauge(
      'input_overdue',
      'Whether the input owes something new: 1 or 0.',
      byInput(({ every, overdueSince }) => (every === undefined ? undefined : overdueSince === undefined ? 0 : 1)),
    ),
    gauge('output_waiting', 'Messages that wait for the receiver.', byOutput('waiting')),
    gauge('output_dead_letters', 'Messages to the receiver that were given up.', byOutput('dead')),
    gauge(
      'findings',
      'Findings in the store by severity, reviewed ones included.',
      SEVERITIES.map((severity) => [{ ...config, severity }, findings[severity]] as const),
    ),
    gauge('store_bytes', 'Size of the store on disk.', one(store.bytes)),
    gauge('store_schema_version', 'Version of the schema of the store.', one(store.schema)),
    gauge('store_readings', 'Contents that the store holds.', one(store.readings)),
    gauge('store_sightings', 'Sightings that the store holds.', one(store.sightings)),
    gauge('store_subjects', 'Subjects that the store knows.', one(store.subjects)),
  ].join('')
}

/** One metric: nothing where it has no sample. */
export function gauge(name: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return ''
  const lines = samples.map(([labels, value]) => `offchannel_${name}${labelsText(labels)} ${value}\n`)
  return `# HELP offchannel_${name} ${help}\n# TYPE offchannel_${name} gauge\n${lines.join('')}`
}

function labelsText(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}

function seconds(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1000
}
