import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { bytesText, startProgress } from '../../src/cli/progress.ts'
import { Terminal } from '../../src/cli/terminal.ts'

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [1_500_000, '1.5 MB'],
  [2.34e9, '2.3 GB'],
  [5e12, '5.0 TB'],
  [7e15, '7000.0 TB'],
])('%i bytes are written as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

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
  expect(written).toBe('')
})
