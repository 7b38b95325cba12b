import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readInput } from '../../../src/pipeline.ts'
import { detectFormat } from '../../../src/read/detect.ts'
import { logFormats } from '../../../src/read/log/index.ts'
import type { FormatChange } from '../../../src/read/log/refused.ts'
import { chunksOver, SAMPLES, sampleBytes } from './drive.ts'

function formatNamed(name: string) {
  return logFormats.find((format) => format.name === name)!
}

async function changesIn(format: string, text: string | Buffer): Promise<readonly FormatChange[]> {
  const chunks = chunksOver(Buffer.from(text))
  return (await readInput(chunks, formatNamed(format), { observe: () => {} }, { year: 2026 })).changes
}

const FILTERLOG =
  '<134>Nov 21 18:52:00 fw filterlog[7]: 146,,,15,igb1,match,pass,in,4,0x0,,63,1,0,DF,6,tcp,60,10.0.0.5,198.51.100.60,51234,5222,0,S,1,,1,,mss\n'
const FORTIGATE =
  'date=2026-11-21 time=18:52:00 devid="FG1" logid="0000000013" type="traffic" subtype="forward" vd="root" srcip=10.0.0.5 srcport=51234 dstip=198.51.100.60 dstport=443 proto=6 action="close"\n'
const QUERY = 'Nov 21 18:52:00 dns1 dnsmasq[811]: query[A] web.telegram.org from 10.0.0.5\n'
const SSHD = 'Nov 21 18:52:00 fw sshd[811]: Accepted publickey for root from 10.0.0.2 port 50000 ssh2\n'
const NOISE = 'nothing that any product writes\n'

it('a log that changes its format half-way is told with the line and the format that follows', async () => {
  for (const count of [3, 150, 1000]) {
    const text = FILTERLOG.repeat(30) + FORTIGATE.repeat(count)
    expect(await changesIn('pfsense', text)).toEqual([{ line: 31, format: 'fortigate' }])
  }
})

it('a change behind many skipped records is told with the first line behind the last that was read', async () => {
  const text = (QUERY + SSHD.repeat(3)).repeat(300) + FORTIGATE.repeat(4000)
  expect(await changesIn('dnsmasq', text)).toEqual([{ line: 1198, format: 'fortigate' }])
  expect(await changesIn('dnsmasq', SSHD.repeat(300) + QUERY + FORTIGATE.repeat(4000))).toEqual([
    { line: 302, format: 'fortigate' },
  ])
})

it('a log that mixes two formats is told with the first line of the other', async () => {
  const text = (FILTERLOG + SSHD + FORTIGATE).repeat(50)
  expect(await changesIn('pfsense', text)).toEqual([{ line: 3, format: 'fortigate' }])
})

it('a log that no format reads from a line on is told with that line', async () => {
  expect(await changesIn('pfsense', FILTERLOG.repeat(30) + NOISE.repeat(99))).toEqual([])
  expect(await changesIn('pfsense', FILTERLOG.repeat(30) + NOISE.repeat(100))).toEqual([
    { line: 31, format: undefined },
  ])
  expect(await changesIn('pfsense', (FILTERLOG + NOISE.repeat(99)).repeat(5))).toEqual([])
})

it.each(SAMPLES)('$format/$file is of one format', async (sample) => {
  expect(await changesIn(sample.format, sampleBytes(sample))).toEqual([])
})

it('a log of a day of one proxy is of one format', async () => {
  const log = readFileSync(new URL('../../../samples/logs/day/proxy-access.log', import.meta.url))
  expect(await changesIn('squid-native', log)).toEqual([])
})

it('a log that mixes two formats from its beginning is refused with the first line of each', async () => {
  const text = FILTERLOG.repeat(3) + QUERY.repeat(3)
  await expect(detectFormat(chunksOver(Buffer.from(text)))).rejects.toThrow(
    'could be dnsmasq (line 4), pfsense (line 1): name one with --format, or part a file that mixes them',
  )
})
