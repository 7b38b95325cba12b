import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { judgeStore } from '../../src/judgement.ts'
import { capture, MORNING, moreOfCapture, squidLog } from '../e2e/inputs.ts'
import { Desk, onceWhole, SIGNATURES } from './grown.ts'

const HOSTS = ['www.app.example', 'media.app.example', 'www.plain.test', 'cdn.other.net']

/** So many requests of Squid, a second each, from a place in one long log. */
function requests(from: number, count: number): string {
  return squidLog(
    ...Array.from({ length: from + count }, (_, i) => ({
      client: `10.1.4.${i % 7}`,
      host: HOSTS[i % HOSTS.length]!,
      user: `user${i % 5}`,
    })),
  )
    .split('\n')
    .slice(from, from + count)
    .map((line) => `${line}\n`)
    .join('')
}

const ZEEK_HEADER =
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype\trcode\tRD\tTC\trejected\tanswers\tTTLs\n'

function zeek(from: number, count: number): string {
  return Array.from({ length: count }, (_, n) => {
    const i = from + n
    const time = (MORNING / 1e6 + i * 7).toFixed(6)
    return `${time}\tC${i}\t10.1.4.${i % 3}\t5353\t10.0.0.1\t53\tudp\t${HOSTS[i % 4]}\t1\t0\tT\tF\tF\t198.51.100.${i % 9}\t60.000000\n`
  }).join('')
}

const W3C_HEADER =
  '#Software: SGOS 7.3\n#Version: 1.0\n#Fields: date time time-taken c-ip cs-username cs-method cs-host cs-uri-port sc-status s-action sc-bytes cs-bytes\n'

function w3c(from: number, count: number): string {
  return Array.from({ length: count }, (_, n) => {
    const [date, time] = new Date(MORNING / 1000 + (from + n) * 700).toISOString().split(/[T.]/)
    return `${date} ${time} 40 10.1.4.${n % 9} user0${n % 5} CONNECT ${HOSTS[(from + n) % 4]} 443 200 TCP_TUNNELED 999 99\n`
  }).join('')
}

function eve(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const time = new Date(MORNING / 1000 + (from + n) * 700).toISOString().replace('Z', '+0000')
    const ends = `"src_ip":"10.1.4.${n % 9}","src_port":40000,"dest_ip":"198.51.100.9","dest_port":443,"proto":"TCP"`
    return `{"timestamp":"${time}",${ends},"event_type":"tls","tls":{"sni":"${HOSTS[(from + n) % 4]}","version":"TLS 1.3"}}`
  })
}

const lines = (objects: readonly string[]) => objects.map((line) => `${line}\n`).join('')

describe('a log that grows from pass to pass has one reading, and the facts of one that was read once', () => {
  test.each<[string, string[]]>([
    ['of Squid', [requests(0, 20), requests(20, 1), requests(21, 400)]],
    ['whose last line is cut', [requests(0, 20).slice(0, -30), requests(0, 21).slice(requests(0, 20).length - 30)]],
    [
      'whose last line is cut again and again',
      [
        requests(0, 3).slice(0, -60),
        ...requests(0, 3)
          .slice(-60)
          .match(/.{1,9}\n?/gs)!,
      ],
    ],
    [
      'whose lines end in CR LF, cut between the two',
      [requests(0, 5).replaceAll('\n', '\r\n').slice(0, -1), `\n${requests(5, 5).replaceAll('\n', '\r\n')}`],
    ],
    ['that ends without a line end for good', [requests(0, 5), requests(5, 5).slice(0, -1)]],
    ['with lines that are none', [`${requests(0, 5)}not a line\n`, `\nnor this${'\n'}${requests(5, 5)}`]],
    ['with a header', [ZEEK_HEADER + zeek(0, 10), zeek(10, 10).slice(0, -9), zeek(10, 10).slice(-9) + zeek(20, 30)]],
    ['whose header came by itself', [ZEEK_HEADER, zeek(0, 10), zeek(10, 20)]],
    [
      'whose header came in pieces',
      [ZEEK_HEADER.slice(0, 30), ZEEK_HEADER.slice(30, -20), ZEEK_HEADER.slice(-20) + zeek(0, 10)],
    ],
    ['whose header comes again', [ZEEK_HEADER + zeek(0, 10), ZEEK_HEADER + zeek(10, 10)]],
    [
      'whose header changes',
      [
        ZEEK_HEADER + zeek(0, 10),
        `${ZEEK_HEADER.replace('\tqtype\trcode', '\trcode\tqtype')}${zeek(10, 10)}`,
        zeek(20, 9),
      ],
    ],
    ['of the extended format', [W3C_HEADER + w3c(0, 10), w3c(10, 10), w3c(20, 10)]],
    [
      'of the extended format whose columns change',
      [W3C_HEADER + w3c(0, 10), W3C_HEADER.replace('cs-host cs-uri-port', 'cs-uri-port cs-host') + w3c(10, 10)],
    ],
    ['of JSON lines', [lines(eve(0, 10)), lines(eve(10, 10)), lines(eve(20, 200))]],
    [
      'of JSON lines, cut within one',
      [lines(eve(0, 10)).slice(0, -40), lines(eve(0, 10)).slice(-40) + lines(eve(10, 10))],
    ],
    [
      'of JSON in a list',
      [`[${eve(0, 10).join(',\n')}`, `,\n${eve(10, 10).join(',\n')}`, `,\n${eve(20, 10).join(',')}]\n`],
    ],
  ])('%s', async (_, pieces) => {
    const desk = new Desk()
    desk.put('access.log', '')
    for (const [i, piece] of pieces.entries()) {
      desk.add('access.log', piece)
      const before = desk.store.readings().length
      const [{ status } = { status: '' }] = await desk.pass(['access.log'])
      // A header that is cut may not be recognised yet.
      expect([before === 0 ? 'read' : 'grown', 'failed'].slice(0, i === 0 || before === 0 ? 2 : 1)).toContain(status)
    }
    const { facts } = await onceWhole('access.log', pieces.join(''))
    expect([facts.sightings, facts.findings].every((rows) => (rows as unknown[]).length > 0)).toBe(true)
    expect(desk.facts()).toEqual(facts)
    expect(await desk.statuses('access.log')).toEqual(['known'])
  })

  test('cut within a character of several bytes', async () => {
    const text = Buffer.from(requests(0, 10).replaceAll('user1', 'usér1'))
    const at = text.indexOf(Buffer.from('é')) + 1
    const desk = new Desk()
    desk.put('access.log', text.subarray(0, at))
    await desk.pass(['access.log'])
    desk.add('access.log', text.subarray(at))
    expect(await desk.statuses('access.log')).toEqual(['grown'])
    expect(desk.facts()).toEqual((await onceWhole('access.log', text)).facts)
  })

  test('in parts on several threads, from the last line that was read', async () => {
    const desk = new Desk()
    desk.put('access.log', requests(0, 300))
    await desk.pass(['access.log'], { partSize: 9973 })
    desk.add('access.log', requests(300, 400))
    const [outcome] = await desk.pass(['access.log'], { partSize: 9973 })
    expect(outcome).toMatchObject({ status: 'grown', bytes: requests(300, 400).length, summary: { records: 400 } })
    expect(desk.facts()).toEqual((await onceWhole('access.log', requests(0, 700))).facts)
  })

  test('with more facts than are held at a time', async () => {
    const many = (count: number) =>
      squidLog(
        ...Array.from({ length: count }, (_, i) => ({
          host: HOSTS[0]!,
          client: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
        })),
      )
    const desk = new Desk()
    desk.put('access.log', many(100))
    await desk.pass(['access.log'])
    const all = many(60_000)
    desk.put('access.log', all)
    expect(await desk.statuses('access.log')).toEqual(['grown'])
    expect(desk.facts()).toEqual((await onceWhole('access.log', all)).facts)
  })

  test('and what is told of it is what is new, with the lines of the whole', async () => {
    const desk = new Desk()
    desk.put('access.log', `${requests(0, 5)}bad\n`)
    await desk.pass(['access.log'])
    desk.add('access.log', `${requests(5, 2)}worse\n${requests(7, 1).slice(0, 20)}`)
    const [outcome] = await desk.pass(['access.log'])
    expect(outcome).toMatchObject({ status: 'grown', summary: { records: 2 }, detail: join(desk.folder, 'access.log') })
    expect([...outcome!.summary!.bad.values()].flatMap((bad) => bad.lines).sort()).toEqual([10, 9])
  })
})

test('a capture that grew is read anew in place of what was read of it', async () => {
  const visits = [{ name: 'www.app.example' }, { name: 'media.app.example', time: MORNING + 5e6 }] as const
  const desk = new Desk()
  const first = capture(visits[0])
  desk.put('a.pcap', first.subarray(0, -300))
  await desk.pass(['a.pcap'])
  desk.put('a.pcap', first)
  expect(await desk.statuses('a.pcap')).toEqual(['grown'])
  desk.add('a.pcap', moreOfCapture(visits[1]))
  expect(await desk.statuses('a.pcap')).toEqual(['grown'])
  const all = readFileSync(join(desk.folder, 'a.pcap'))
  expect(desk.facts()).toEqual((await onceWhole('a.pcap', all)).facts)
})

describe('rotation', () => {
  const [old, late, fresh] = [requests(0, 50), requests(50, 5), requests(100, 30)]
  const twoLogs = async () => {
    const desk = new Desk()
    desk.put('access.log', old + late)
    await desk.pass(['access.log'])
    desk.put('access.log.1', fresh)
    await desk.pass(['access.log.1'])
    return desk.store.status().sightings
  }

  test('by renaming: what came before it is read on under its new name, the new log is one of its own', async () => {
    const desk = new Desk()
    desk.put('access.log', old)
    await desk.pass(['access.log'])
    desk.add('access.log', late)
    renameSync(join(desk.folder, 'access.log'), join(desk.folder, 'access.log.1'))
    desk.put('access.log', fresh)
    expect(await desk.statuses('access.log', 'access.log.1')).toEqual(['read', 'grown'])
    expect(desk.store.status()).toMatchObject({ readings: 2, sightings: await twoLogs() })
    expect(await desk.statuses('access.log', 'access.log.1')).toEqual(['known', 'known'])
  })

  test('by copying and cutting: the copy is read on, the log begins anew', async () => {
    const desk = new Desk()
    const log = desk.put('access.log', old)
    await desk.pass(['access.log'])
    desk.add('access.log', late)
    copyFileSync(log, join(desk.folder, 'access.log.1'))
    truncateSync(log, 0)
    expect(await desk.statuses('access.log', 'access.log.1')).toEqual(['empty', 'grown'])
    desk.put('access.log', fresh)
    expect(await desk.statuses('access.log', 'access.log.1')).toEqual(['read', 'known'])
    expect(desk.store.status()).toMatchObject({ readings: 2, sightings: await twoLogs() })
  })

  test('by cutting under a logger that goes on where it was: the zeros are passed over and counted', async () => {
    const desk = new Desk()
    desk.put('access.log', old)
    await desk.pass(['access.log'])
    const zeros = Buffer.alloc(300_000)
    desk.put('access.log', Buffer.concat([zeros, Buffer.from(fresh)]))
    expect(await desk.statuses('access.log')).toEqual(['read'])
    desk.add('access.log', requests(130, 5))
    expect(await desk.statuses('access.log')).toEqual(['grown'])
    const whole = await onceWhole('access.log', requests(100, 35))
    const coverage = desk.store.coverage().filter(({ reading }) => reading === desk.store.readings().at(-1)!.id)
    expect(coverage).toContainEqual(expect.objectContaining({ reason: 'zeros_before_log', count: 300_000 }))
    expect(desk.store.readings()).toHaveLength(2)
    expect((whole.facts.sightings as unknown[]).length + (await onceWhole('a', old)).outcome.matched).toBeGreaterThan(0)
  })

  const PACKERS: [string, (bytes: Buffer) => Buffer][] = [['gz', zlib.gzipSync]]
  if (zlib.zstdCompressSync) PACKERS.push(['zst', zlib.zstdCompressSync])
  test.each(PACKERS)('packed as .%s after it: known, and what came before it is read on', async (suffix, pack) => {
    const desk = new Desk()
    desk.put('access.log', old)
    await desk.pass(['access.log'])
    desk.put(`access.log.2.${suffix}`, pack(Buffer.from(old + late)))
    const [outcome] = await desk.pass([`access.log.2.${suffix}`])
    expect(outcome).toMatchObject({ status: 'grown', bytes: late.length, summary: { records: 5 } })
    const packed = desk.facts()
    const plain = (await onceWhole('access.log', old + late)).facts
    expect(packed).toEqual(plain)
    desk.put(`again.${suffix}`, pack(Buffer.from(old)))
    expect(await desk.statuses(`again.${suffix}`, `access.log.2.${suffix}`)).toEqual(['known', 'known'])
    expect(desk.facts()).toEqual(plain)
  })
})

test('an older copy of a log that has grown since changes nothing, at any length that was read', async () => {
  const desk = new Desk()
  const copies = [requests(0, 10), requests(0, 20).slice(0, -5), requests(0, 40)]
  for (const copy of copies) {
    desk.put('access.log', copy)
    await desk.pass(['access.log'])
  }
  const before = desk.facts()
  for (const [i, copy] of copies.entries()) desk.put(`copy${i}.log`, copy)
  expect(await desk.statuses('copy0.log', 'copy1.log', 'copy2.log')).toEqual(['known', 'known', 'known'])
  const others = { signatures: { ...SIGNATURES, hash: 's2' }, again: true }
  expect((await desk.pass(['copy1.log'], others))[0]!.status).toBe('known')
  expect(desk.facts()).toEqual(before)
})

test('of copies of one log that come together the shortest is read first, whatever their names', async () => {
  const desk = new Desk()
  desk.put('a.log', requests(0, 60))
  desk.put('b.log', requests(0, 20))
  desk.put('c.log', requests(0, 40))
  expect(await desk.statuses('a.log', 'b.log', 'c.log')).toEqual(['grown', 'read', 'grown'])
  expect(desk.facts().sightings).toEqual((await onceWhole('b.log', requests(0, 60))).facts.sightings)
})

test('a log that came again through standard input is read whole when it has grown: its last line is not twice in it', async () => {
  const desk = new Desk()
  const piped = requests(0, 20).slice(0, -5)
  desk.put('access.log', piped)
  await desk.pass(['access.log'])
  const others = { signatures: { ...SIGNATURES, hash: 's2' } }
  const standardInput = Readable.from([Buffer.from(piped)])
  expect((await desk.pass(['-'], { ...others, standardInput, again: true }))[0]!.status).toBe('replaced')
  desk.put('access.log', requests(0, 25))
  expect((await desk.pass(['access.log'], others))[0]).toMatchObject({ status: 'grown', summary: { records: 25 } })
  expect(desk.facts()).toEqual((await onceWhole('access.log', requests(0, 25), others)).facts)
})

test('a log that was cut and written anew is another content, also where it begins alike', async () => {
  const desk = new Desk()
  desk.put('access.log', requests(0, 20))
  await desk.pass(['access.log'])
  desk.put('access.log', `${requests(0, 19)}${requests(60, 20)}`)
  expect(await desk.statuses('access.log')).toEqual(['read'])
  desk.put('access.log', requests(60, 5))
  expect(await desk.statuses('access.log')).toEqual(['read'])
  expect(desk.store.readings()).toHaveLength(3)
})

test('a header alone is the beginning of its own log only', async () => {
  const desk = new Desk()
  desk.put('a.log', ZEEK_HEADER)
  await desk.pass(['a.log'])
  desk.put('b.log', ZEEK_HEADER + zeek(0, 5))
  expect(await desk.statuses('b.log')).toEqual(['read'])
  desk.put('a.log', ZEEK_HEADER + zeek(50, 5))
  expect(await desk.statuses('a.log')).toEqual(['grown'])
  expect(desk.store.readings().map(({ input }) => input.slice(desk.folder.length + 1))).toEqual(['a.log', 'b.log'])
})

test('a log that grew is read whole with other settings, so that nothing new waits', async () => {
  const desk = new Desk()
  desk.put('access.log', requests(0, 20))
  await desk.pass(['access.log'])
  desk.add('access.log', requests(20, 20))
  const others = { signatures: { signatures: [SIGNATURES.signatures[1]!], hash: 's2' } }
  expect((await desk.pass(['access.log'], others))[0]).toMatchObject({ status: 'grown', summary: { records: 40 } })
  expect(desk.facts()).toEqual((await onceWhole('access.log', requests(0, 40), others)).facts)
})

test('a file that is cut while it is read is told, and nothing of it is kept', async () => {
  const desk = new Desk()
  const log = desk.put('access.log', requests(0, 20_000))
  const progress = () => truncateSync(log, 1000)
  const [outcome] = await desk.pass(['access.log'], { progress })
  expect(outcome).toMatchObject({ status: 'failed', detail: expect.stringContaining('while it was read') })
  expect(desk.store.status()).toMatchObject({ readings: 0, sightings: 0 })
  rmSync(log)
  expect((await desk.pass(['access.log']))[0]).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('ENOENT'),
  })
})

test('a file that grows while it is read is read to where it ended, and on from there', async () => {
  const desk = new Desk()
  const all = requests(0, 20_010)
  desk.put('access.log', requests(0, 20_000))
  let added = false
  const progress = () => {
    if (!added) desk.add('access.log', requests(20_000, 10))
    added = true
  }
  expect((await desk.pass(['access.log'], { progress }))[0]).toMatchObject({
    status: 'read',
    summary: { records: 20_000 },
  })
  expect((await desk.pass(['access.log']))[0]).toMatchObject({ status: 'grown', summary: { records: 10 } })
  expect(desk.facts()).toEqual((await onceWhole('access.log', all)).facts)
})

test('of a log that grew only those are judged again of whom it says more', async () => {
  const desk = new Desk()
  desk.put('access.log', requests(0, 50))
  await desk.pass(['access.log'])
  desk.add('access.log', squidLog({ client: '10.1.4.200', host: HOSTS[0]!, user: 'late' }))
  await desk.pass(['access.log'])
  desk.add('access.log', squidLog({ client: '10.1.4.201', host: HOSTS[0]!, user: 'later' }))
  const judge = desk.store.subjectDays.bind(desk.store)
  const judged: number[] = []
  desk.store.subjectDays = function* (which, tunnelsTo) {
    const days = [...judge(which, tunnelsTo)]
    judged.push(days.length)
    yield* days
  }
  await desk.pass(['access.log'])
  expect(judged).toEqual([1])
  expect(judgeStore(desk.store, NO_POLICY, SIGNATURES).subjectDays).toBe(0)
})
