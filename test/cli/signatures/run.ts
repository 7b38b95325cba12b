import { Readable } from 'node:stream'
import { Command } from 'commander'
import { addSignaturesCommand } from '../../../src/cli/signatures.ts'
import { Terminal } from '../../../src/cli/terminal.ts'

interface Run {
  readonly out: string
  readonly err: string
  readonly exitStatus: number
}

/** The time at which commands run. */
export const NOW = '2026-11-22T12:00:00.000Z'

/** Runs `offchannel signatures …`; what it throws is thrown. */
export async function run(parameters: readonly string[], columns = 100, colour = false, now = NOW): Promise<Run> {
  let out = ''
  let err = ''
  const stdout = { write: (text: string) => (out += text), columns }
  const terminal = new Terminal(stdout, { write: (text) => (err += text) }, {}, Readable.from([]))
  terminal.colours = colour ? 'always' : 'never'
  const program = new Command('offchannel').exitOverride().configureOutput({ writeErr: () => {} })
  addSignaturesCommand(program, terminal, now)
  await program.parseAsync(['signatures', ...parameters], { from: 'user' })
  return { out, err, exitStatus: terminal.exitStatus }
}

/** A signature file with these indicators, flow mappings of YAML. */
export function signatureFile(id: string, indicators: readonly string[], lines = ''): string {
  return `id: ${id}
name: The ${id}
vendor: Example
category: messaging
status: active
maturity: experimental
revision: 1
date: 2026-11-21
${lines}indicators:
${indicators.map((one) => `  - {${one}, sources: [made up]}\n`).join('')}tests:
  should-match: [${id}.example]
  should-not-match: [not${id}.example]
`
}

/** Of a made-up app: a host for messages, and the rest of its domain. */
export const CHAT = signatureFile('chat', [
  'type: exact, value: g.chat.example, role: messaging, strength: distinctive',
  'type: suffix, value: chat.example, role: marketing, strength: ambiguous',
])

/** The only signatures used: those of this folder. */
export const alone = (folder: string): readonly string[] => ['--signatures', folder, '--no-bundled-signatures']
