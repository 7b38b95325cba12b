import type { Command } from 'commander'
import type { Format, LogAttributes } from '../model/reader.ts'
import { jsonOption, withOptions } from './options.ts'
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
  command.action(async ({ json }: { json?: true }) => {
    const { formats } = await import('../read/detect.ts')
    if (json) {
      for (const { name, title, kind, documentation, ...rest } of formats) {
        const attributes = 'attributes' in rest ? { attributes: rest.attributes } : {}
        terminal.json({ name, title, kind, documentation, ...attributes })
      }
      return
    }
    const { renderTable } = await import('../report/table.ts')
    const head = ['Format', 'What it is', ...ATTRIBUTES.map((name) => (name === 'bytesUp' ? 'up' : name))]
    const rows = formats.map((format) => [[format.name], [format.title], ...marks(format).map((mark) => [mark])])
    terminal.out(renderTable(head, rows, terminal.width, (style, text) => terminal.style(style, text)))
    terminal.out('gzip and Zstandard are unpacked by content.')
  })
}

function marks(format: Format): string[] {
  const has = format.kind === 'log' ? format.attributes : { client: true, server: true }
  return ATTRIBUTES.map((name) => ((has as Partial<LogAttributes>)[name] ? 'yes' : ''))
}
