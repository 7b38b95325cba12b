import type { Command } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless, harmlessJson, plural } from '../base/text.ts'
import type { InputSink } from '../input.ts'
import type { Format, LogAttributes } from '../model/reader.ts'
import {
  formatFileOption,
  formatOption,
  jsonOption,
  type LogReadingOptions,
  logReading,
  timezoneOption,
  withOptions,
  yearOption,
} from './options.ts'
import type { Terminal } from './terminal.ts'

const ATTRIBUTES = [
  'url',
  'server',
  'user',
  'client',
  'bytes',
  'bytesUp',
  'action',
] as const satisfies (keyof LogAttributes)[]

/** `offchannel formats`: what can be read, and what each log format carries at all. */
export function addFormatsCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('formats')
    .summary('list the formats that can be read')
    .description(
      'Lists capture and log formats. What a log format does not carry bounds what any verdict on it can say: without a user a subject is known by address only, without an action a blocked attempt looks like use.',
    )
  withOptions(command, jsonOption())
  addTryCommand(command, terminal)
  command.action(async ({ json }: { json?: true }) => {
    const { formats } = await import('../read/detect.ts')
    if (json) {
      for (const { name, title, kind, documentation, ...rest } of formats) {
        const of = 'attributes' in rest ? { verified: rest.verified !== false, attributes: rest.attributes } : {}
        terminal.json({ name, title, kind, documentation, ...of })
      }
      return
    }
    const { renderTable } = await import('../report/table.ts')
    const head = ['Format', 'What it is', ...ATTRIBUTES.map((name) => (name === 'bytesUp' ? 'up' : name))]
    const rows = formats.map((format) => [
      [format.name],
      [format.title, ...(isVerified(format) ? [] : ['unverified'])],
      ...marks(format).map((mark) => [mark]),
    ])
    terminal.out(renderTable(head, rows, terminal.width, (style, text) => terminal.style(style, text)))
    terminal.out('unverified: written after its documentation, and not held against a real log yet.')
    terminal.out('gzip and Zstandard are unpacked by content.')
  })
}

/** Records that `formats try` shows. */
const TRIED = 10

/** `offchannel formats try`: how the first records of a log are read, and why others are not. */
function addTryCommand(formats: Command, terminal: Terminal): void {
  const command = formats
    .command('try')
    .summary('show how the first records of a log are read')
    .description(
      `Reads a log and prints the first ${TRIED} observations as \`inspect --all\` does, how many records were read, skipped and refused, and of those that were refused the reason and the first lines.`,
    )
    .argument('<file>', 'a log, or - for standard input')
    .addHelpText('after', '\nExample:\n  offchannel formats try proxy.log --format-file own.yaml')
  withOptions(command, formatOption(), formatFileOption(), timezoneOption(), yearOption())
  command.action((file: string, options: LogReadingOptions) => tryFormat(file, options, terminal))
}

async function tryFormat(file: string, options: LogReadingOptions, terminal: Terminal): Promise<void> {
  const [{ openInput }, { readInput }, { observationRecord }] = await Promise.all([
    import('../read/open.ts'),
    import('../pipeline.ts'),
    import('../report/observation.ts'),
  ])
  const { format: asked, times } = await logReading(options)
  const opened = await openInput(file, { standardInput: terminal.stdin, format: asked, hashUnpacked: false })
  const { chunks, format, source, close } = opened
  try {
    if (format === undefined) throw new OffchannelError('usage', `${harmless(file)}: is empty`)
    let shown = 0
    let marks = 0
    const sink: InputSink = {
      observe: (observation) => {
        if (shown++ < TRIED) terminal.out(harmlessJson(observationRecord(observation, file, 'line')))
      },
      mark: () => marks++,
    }
    const summary = await readInput(chunks, format, sink, { ...times, latest: source.modified })
    const { records, skipped, bad, changes } = summary
    terminal.note(
      `read as ${format.name}: ${plural(records, 'record')} read, ${skipped} skipped; ${plural(shown, 'observation')}, ${plural(marks, 'record')} of tunnels and leases`,
    )
    for (const { line, format: other } of changes) {
      terminal.note(`from line ${line} on: ${other === undefined ? 'no record is read' : `records of ${other}`}`)
    }
    for (const [reason, { count, lines }] of bad) {
      terminal.note(`${plural(count, 'record')} refused: ${reason.replaceAll('_', ' ')}: line ${lines.join(', ')}`)
    }
  } finally {
    close()
  }
}

/** Held against real logs, or the vendor's own examples. */
function isVerified(format: Format): boolean {
  return format.kind === 'capture' || format.verified !== false
}

function marks(format: Format): string[] {
  const has = format.kind === 'log' ? format.attributes : { client: true, server: true }
  return ATTRIBUTES.map((name) => ((has as Partial<LogAttributes>)[name] ? 'yes' : ''))
}
