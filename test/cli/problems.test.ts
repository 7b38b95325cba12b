import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { tellProblems } from '../../src/cli/problems.ts'
import { Terminal } from '../../src/cli/terminal.ts'
import type { InputSummary } from '../../src/input.ts'
import { readInput } from '../../src/pipeline.ts'
import { pfsense } from '../../src/read/log/formats/pfsense.ts'
import { chunksOver } from '../read/log/drive.ts'

const FILTERLOG =
  '<134>Nov 21 18:52:00 fw filterlog[7]: 146,,,15,igb1,match,pass,in,4,0x0,,63,1,0,DF,6,tcp,60,10.0.0.5,198.51.100.60,51234,5222,0,S,1,,1,,mss\n'
const QUERY = 'Nov 21 18:52:00 dns1 dnsmasq[811]: query[A] web.telegram.org from 10.0.0.5\n'

function read(text: string): Promise<InputSummary> {
  return readInput(chunksOver(Buffer.from(text)), pfsense, { observe: () => {} }, { year: 2026 })
}

async function told(text: string): Promise<readonly string[]> {
  const lines: string[] = []
  const stream = { write: (line: string) => lines.push(line.trimEnd()) }
  const terminal = new Terminal(stream, stream, {}, Readable.from([]))
  tellProblems('fw.log', await read(text), terminal)
  return lines
}

test('a log that was read in full has none', async () => {
  expect(await told(FILTERLOG.repeat(5))).toEqual([])
})

test('a log that changes its format is told with the line and the format, though no record is bad', async () => {
  expect(await told(FILTERLOG.repeat(5) + QUERY.repeat(5))).toEqual([
    'offchannel: fw.log: from line 6 on records are of another format (dnsmasq): part the file by format',
  ])
})

test('a log whose rest nothing reads is told with the line', async () => {
  expect(await told(FILTERLOG.repeat(200) + 'x\n'.repeat(150))).toEqual([
    'offchannel: fw.log: from line 201 on no record is read: part the file by format',
    'offchannel: fw.log: 150 records not read: too_few_fields (line 201, 202, 203, …)',
  ])
})

test('a log of which most is not read is named as such', async () => {
  expect(await told(`${FILTERLOG}x\ny\n`)).toEqual([
    'offchannel: fw.log: most of it is not read: it may be of another format or a variant of it: `offchannel formats try` shows how its lines are read',
    'offchannel: fw.log: 2 records not read: too_few_fields (line 2, 3)',
  ])
})
