import { expect, test } from 'vitest'
import { prometheusText } from '../../src/jobs/prometheus.ts'
import type { Status } from '../../src/jobs/status.ts'

const JOB = '/etc/a "quoted" \\ job.yaml'
const LABEL = 'config="/etc/a \\"quoted\\" \\\\ job.yaml"'

const counts = { inputs: 3, read: 2, bytes: 4096, records: 12, problems: 1, told: ['x'] }
const status: Status = {
  time: '2026-05-12T12:00:00.000000Z',
  store: {
    ...{ file: 'a.db', bytes: 8192, schema: 4, identities: 'pseudonym', busy: false, readings: 5 },
    ...{ sightings: 6, subjects: 7, dirty: 0 },
  },
  findings: { high: 1, medium: 0, low: 2, none: 3 },
  runs: [
    { job: '', state: 'ended', started: '2026-05-12T11:00:00.000000Z', status: 0, ...counts },
    {
      job: JOB,
      state: 'ended',
      started: '2026-05-12T10:00:00.500000Z',
      ended: '2026-05-12T10:00:01.000000Z',
      status: 2,
      ...counts,
    },
  ],
  inputs: [
    { job: JOB, name: 'proxy', every: 3600, lag: 9000, overdueSince: '2026-05-12T10:30:00.000000Z' },
    { job: JOB, name: 'captures', lastRead: '2026-05-12T10:00:00.000000Z', lag: 7200 },
    { job: '/etc/other.yaml', name: 'elsewhere', every: 60, lag: 1 },
  ],
  outputs: [
    { job: JOB, name: 'siem', waiting: 12, delivered: 30, dead: 2 },
    { job: '/etc/other.yaml', name: 'elsewhere', waiting: 1, delivered: 0, dead: 0 },
  ],
  gaps: [],
}

test('the metrics of a job are those of its own run and inputs, with help and type', () => {
  const text = prometheusText(status, JOB)
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(samples).toEqual([
    `offchannel_run_start_timestamp_seconds{${LABEL}} 1778580000.5`,
    `offchannel_run_end_timestamp_seconds{${LABEL}} 1778580001`,
    `offchannel_run_exit_status{${LABEL}} 2`,
    `offchannel_run_problems{${LABEL}} 1`,
    `offchannel_run_inputs{${LABEL}} 3`,
    `offchannel_run_inputs_read{${LABEL}} 2`,
    `offchannel_run_read_bytes{${LABEL}} 4096`,
    `offchannel_run_records{${LABEL}} 12`,
    `offchannel_input_last_read_timestamp_seconds{${LABEL},input="captures"} 1778580000`,
    `offchannel_input_expected_interval_seconds{${LABEL},input="proxy"} 3600`,
    `offchannel_input_overdue{${LABEL},input="proxy"} 1`,
    `offchannel_output_waiting{${LABEL},output="siem"} 12`,
    `offchannel_output_dead_letters{${LABEL},output="siem"} 2`,
    `offchannel_findings{${LABEL},severity="high"} 1`,
    `offchannel_findings{${LABEL},severity="medium"} 0`,
    `offchannel_findings{${LABEL},severity="low"} 2`,
    `offchannel_findings{${LABEL},severity="none"} 3`,
    `offchannel_store_bytes{${LABEL}} 8192`,
    `offchannel_store_schema_version{${LABEL}} 4`,
    `offchannel_store_readings{${LABEL}} 5`,
    `offchannel_store_sightings{${LABEL}} 6`,
    `offchannel_store_subjects{${LABEL}} 7`,
  ])
  for (const name of new Set(samples.map((sample) => sample.slice(0, sample.indexOf('{'))))) {
    const first = samples.find((sample) => sample.startsWith(`${name}{`))
    const [help, type, next] = text.slice(text.indexOf(`# HELP ${name} `)).split('\n')
    expect([help, type, next]).toEqual([expect.stringMatching(/\.$/), `# TYPE ${name} gauge`, first])
  }
  expect(text.endsWith('\n')).toBe(true)
})
