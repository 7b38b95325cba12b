import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { dnsQuery } from '../build/index.ts'
import { dump } from '../store/dump.ts'
import { Workplace } from './program.ts'
import { Watching } from './watching.ts'

/** Whether Wireshark's dumpcap is there, and may capture on loopback. */
const MAY_CAPTURE =
  spawnSync('dumpcap', ['-i', 'lo', '-a', 'duration:1', '-w', '/dev/null', '-q'], { stdio: 'ignore' }).status === 0

/** Packets of a file of the ring, files that it has at a time, and milliseconds between two packets. */
const PACKETS = 20
const FILES = 6
const EVERY = 100
const SENT = 255

/** Captures on loopback into a ring, as `docs/jobs.md` tells of it; gives how many packets dumpcap says it had. */
async function capturing(ring: string, during: () => Promise<void>): Promise<number> {
  const args = ['-i', 'lo', '-f', 'udp dst port 53', '-b', `packets:${PACKETS}`, '-b', `files:${FILES}`]
  const dumpcap = spawn('dumpcap', [...args, '-q', '-w', join(ring, 'lo.pcapng')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void dumpcap.kill('SIGKILL'))
  let told = ''
  const ended = new Promise((resolve) => dumpcap.once('close', resolve))
  const begun = new Promise<void>((resolve) => {
    dumpcap.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text
      if (told.includes('File: ')) resolve()
    })
  })
  await begun
  await during()
  await pause(1500)
  dumpcap.kill('SIGINT')
  await ended
  return Number(/Packets captured: (\d+)/.exec(told)?.[1])
}

async function send(count: number): Promise<void> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  for (let n = 0; n < count; n++) {
    socket.send(dnsQuery('web.telegram.org', 'A', n), 53, '127.0.0.1')
    await pause(EVERY)
  }
  socket.close()
}

test.skipIf(!MAY_CAPTURE)(
  'of a ring that dumpcap overwrites while it is watched every packet counts once',
  async () => {
    const place = new Workplace()
    const ring = join(place.folder, 'ring')
    mkdirSync(ring)
    const watching = new Watching(place, ['ring'])
    await watching.until(({ event }) => event === 'start')
    const captured = await capturing(ring, () => send(SENT))
    expect(captured).toBe(SENT)
    // What the ring has now is the end of what was captured: the rest was overwritten.
    const files = readdirSync(ring).sort()
    expect(files).toHaveLength(FILES)
    expect(files[0]).toMatch(/^lo_0{3}(0[89]|1\d)_\d{14}\.pcapng$/)
    await watching.until(({ event, status }) => event === 'input' && status === 'read', Math.ceil(SENT / PACKETS) - 1)
    // The last is complete when nothing was written to it for half a minute.
    const last = join(ring, files.at(-1)!)
    const before = new Date(statSync(last).mtimeMs - 31_000)
    utimesSync(last, before, before)
    await watching.outcome(files.at(-1)!, 'read')
    const told = await watching.stop()
    expect(told.status).toBe(0)
    expect(watching.events.filter(({ event }) => event === 'problem')).toEqual([])
    const { sightings, coverage } = dump(place.store)
    const counted = sightings!.map((line) => (JSON.parse(line) as { count: number }).count)
    expect(counted.reduce((a, b) => a + b, 0)).toBe(SENT)
    const packets = coverage!.map((line) => JSON.parse(line)).filter(({ reason }) => reason === 'packets')
    expect(packets).toHaveLength(Math.ceil(SENT / PACKETS))
    expect(packets.reduce((sum, { count }) => sum + count, 0)).toBe(SENT)
  },
  120_000,
)
