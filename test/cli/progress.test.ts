import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { evidenceProgress, startProgress } from '../../src/cli/progress.ts'
import { Terminal } from '../../src/cli/terminal.ts'

test.each([
  ['in a pipe', false, false, 10],
  ['with --quiet', true, true, 10],
  ['where nothing is known of the sizes', true, false, 0],
])('%s there is no bar', async (_, isTTY, quiet, size) => {
  let written = ''
  const stream = { isTTY, write: (text: string) => (written += text) }
  const terminal = new Terminal(stream, stream, {}, Readable.from([]))
  terminal.quiet = quiet
  const progress = await startProgress(terminal, new Map([['a.pcap', size]]))
  progress.update('a.pcap', 5)
  progress.stop()
  const evidence = await evidenceProgress(terminal)
  evidence.update('a.pcap', 5, new Map([['a.pcap', size]]))
  evidence.stop()
  expect(written).toBe('')
})
