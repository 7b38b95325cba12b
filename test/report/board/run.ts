import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { main } from '../../../src/cli/main.ts'
import { Terminal } from '../../../src/cli/terminal.ts'
import { temporaryFolder } from '../../store/made.ts'
import type { Scenario } from './scenario.ts'

/** What a report wrote, and what it said of itself. */
export interface Written {
  readonly status: number
  readonly said: string
  /** '' where none was written. */
  readonly html: string
  readonly pdf: Buffer
  readonly files: { readonly html: string; readonly pdf: string }
}

/** Runs `offchannel report` on a scenario, dated the same whenever it runs. */
export async function report({ store, policyFile }: Scenario, ...args: string[]): Promise<Written> {
  const folder = temporaryFolder()
  const files = { html: join(folder, 'report.html'), pdf: join(folder, 'report.pdf') }
  let said = ''
  const stream = { write: (text: string) => (said += text), columns: 120 }
  const chosen = ['--store', store, '--policy', policyFile, '--date', '2025-06-03']
  const outputs = ['--html', files.html, '--pdf', files.pdf]
  const terminal = new Terminal(stream, stream, {}, Readable.from([]))
  const status = await main(['node', 'offchannel', 'report', ...chosen, ...outputs, ...args], terminal)
  const written = status === 0
  return {
    status,
    said,
    html: written ? readFileSync(files.html, 'utf8') : '',
    pdf: written ? readFileSync(files.pdf) : Buffer.alloc(0),
    files,
  }
}

/** The numbers of a report's tables by table, row and column. */
export function numbersOf(html: string): Map<string, string> {
  const numbers = new Map<string, string>()
  const texts = (part: string, tag: string) =>
    [...part.matchAll(new RegExp(`<${tag}\\b[^>]*>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text!)
  for (const [, table] of html.matchAll(/<table\b[^>]*>([\s\S]*?)<\/table>/g)) {
    const [caption] = texts(table!, 'caption')
    const [head, body] = table!.split('</thead>')
    const columns = texts(head!, 'th').slice(1)
    for (const row of body!.split('</tr>').slice(0, -1)) {
      const [name] = texts(row, 'th')
      for (const [n, cell] of texts(row, 'td').entries()) numbers.set(`${caption} / ${name} / ${columns[n]}`, cell)
    }
  }
  return numbers
}
