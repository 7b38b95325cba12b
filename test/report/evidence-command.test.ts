import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../src/model/finding.ts'
import { evidenceCommands } from '../../src/report/evidence-command.ts'
import { temporaryFolder } from '../store/made.ts'

const cited = (input: string, unit: Evidence['unit'], firstAt: number, lastAt: number): Evidence => ({
  indicator: 'palaver exact chat.palaver.example',
  role: 'messaging',
  strength: 'distinctive',
  means: 'tls-sni',
  action: '',
  input,
  unit,
  firstAt,
  lastAt,
  count: 1,
  bytesUp: -1,
  bytesDown: -1,
  first: 0,
  last: 0,
})

describe('the command that shows evidence with another tool', () => {
  test('is one of tshark for each capture, with the frames cited in order and each once', () => {
    const evidence = [cited('a.pcap', 'frame', 7, 9), cited('b.pcap', 'frame', 1, 1), cited('a.pcap', 'frame', 2, 7)]
    expect(evidenceCommands(evidence)).toEqual([
      "tshark -r a.pcap -Y 'frame.number == 2 || frame.number == 7 || frame.number == 9'",
      "tshark -r b.pcap -Y 'frame.number == 1'",
    ])
  })

  test('is one of sed for a log, packed or not, and none for standard input', () => {
    const evidence = ['a.log', 'b.log.gz', 'c.log.zst', '-'].map((input) => cited(input, 'line', 3, 12))
    expect(evidenceCommands(evidence)).toEqual([
      "sed -n '3p;12p' a.log",
      "gzip -dc b.log.gz | sed -n '3p;12p'",
      "zstd -dc c.log.zst | sed -n '3p;12p'",
    ])
  })

  test('names a few of many frames', () => {
    const evidence = Array.from({ length: 20 }, (_, i) => cited('a.pcap', 'frame', 2 * i + 1, 2 * i + 2))
    expect(evidenceCommands(evidence)[0]!.match(/frame\.number/g)).toHaveLength(8)
  })

  test.each([
    ['spaced name.log'],
    ["it's; touch pwned.log"],
    ['$(touch pwned)`touch pwned`.log'],
    ['-n.log'],
    ['new\nline.log'],
    ['\u001b[2J\u202e\u0007 31.log'],
    ["back\\slash'\u0001 5.log"],
    ['ünïcode 名.log'],
    ['"quoted" & | > * ? [a] ~ # !x.log'],
  ])('shows the line of a file named %j and does nothing else, in a shell', (name) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, name), 'one\ntwo\nthree\n')
    writeFileSync(join(folder, `${name}.gz`), gzipSync('one\ntwo\nthree\n'))
    for (const input of [name, `${name}.gz`]) {
      const [command] = evidenceCommands([cited(input, 'line', 2, 2)])
      expect(command).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202e]*$/)
      expect(execFileSync('bash', ['-c', command!], { cwd: folder, encoding: 'utf8' })).toBe('two\n')
    }
    expect(execFileSync('ls', ['-A'], { cwd: folder, encoding: 'utf8' })).not.toContain('pwned\n')
  })
})
