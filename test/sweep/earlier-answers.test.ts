import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import type { Store } from '../../src/store/store.ts'
import { sweep } from '../../src/sweep/sweep.ts'
import { made } from '../classify/made.ts'
import { MORNING, squidLog } from '../e2e/inputs.ts'
import { dump } from '../store/dump.ts'
import { temporaryFolder, temporaryStore } from '../store/made.ts'

const SIGNATURES = {
  signatures: [made('app', 'suffix app.example'), made('other', 'suffix other.example')],
  hash: 's1',
}

const HEADER =
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n' +
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype\trcode\tRD\tTC\trejected\tanswers\tTTLs\n'
const dns = (client: string, name: string, address: string) =>
  `${(MORNING / 1e6).toFixed(6)}\tC1\t${client}\t53530\t10.0.0.1\t53\tudp\t${name}\t1\t0\tT\tF\tF\t${address}\t300.000000\n`

const ANSWERS = dns('10.1.4.7', 'www.app.example', '198.51.100.20') + dns('10.1.4.8', 'm.app.example', '198.51.100.21')
/** Of addresses only: a client that was told, one that was not, and an address of a client's own. */
const FLOWS = squidLog(
  { client: '10.1.4.7', host: '198.51.100.20' },
  { client: '10.1.4.9', host: '198.51.100.20' },
  { client: '10.1.4.8', host: '198.51.100.21' },
)

interface Place {
  readonly folder: string
  readonly store: Store
}

const place = (): Place => ({ folder: temporaryFolder(), store: temporaryStore({ identities: 'clear' }) })

function put({ folder }: Place, name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

async function read({ store }: Place, inputs: readonly string[], partSize?: number): Promise<string[]> {
  const outcomes = await sweep(inputs, {
    ...{ store, signatures: SIGNATURES, policy: NO_POLICY, key: Buffer.alloc(32, 7), siteOf: () => '' },
    ...{ standardInput: Readable.from([]), format: undefined, mapping: '', times: {}, again: false, hash: true },
    ...{ progress: () => {}, stopped: () => false, ...(partSize !== undefined && { partSize }) },
  })
  return outcomes.map(({ status }) => status)
}

/** `client app` of what was seen beside DNS: by addresses alone. */
function byAddress({ store }: Place): string[] {
  return dump(store.file)
    .sightings!.map((line) => JSON.parse(line))
    .filter(({ trait }) => ((trait >> 2) & 31) > 1)
    .map(({ client, app }) => `${client.split(' ').at(-1)} ${app}`)
    .sort()
}

const BOTH = ['10.1.4.7 app', '10.1.4.8 app']

describe('a flow to an address that a client was told by DNS', () => {
  test('is named in a later run as it is in the same, whatever the order of arguments', async () => {
    const one = place()
    expect(await read(one, [put(one, 'a.log', FLOWS), put(one, 'dns.log', HEADER + ANSWERS)])).toEqual(['read', 'read'])
    expect(byAddress(one)).toEqual(BOTH)
    const packed = place()
    const answers = put(packed, 'dns.log.gz', gzipSync(HEADER + ANSWERS))
    expect(await read(packed, [put(packed, 'a.log', FLOWS), answers])).toEqual(['read', 'read'])
    expect(byAddress(packed)).toEqual(BOTH)
    const two = place()
    await read(two, [put(two, 'dns.log', HEADER + ANSWERS)])
    await read(two, [put(two, 'a.log', FLOWS)])
    expect(byAddress(two)).toEqual(BOTH)
    // The resolver's log is known by now, as it is to a run that goes on after one that was killed.
    const three = place()
    await read(three, [put(three, 'dns.log', HEADER + ANSWERS)])
    await read(three, [put(three, 'dns.log', HEADER + ANSWERS), put(three, 'a.log', FLOWS)])
    expect(byAddress(three)).toEqual(BOTH)
  })

  test('is named by each thread that reads a part of a large log', async () => {
    const parts = place()
    await read(parts, [put(parts, 'dns.log', HEADER + ANSWERS)])
    await read(parts, [put(parts, 'a.log', FLOWS.repeat(50))], 2000)
    expect(byAddress(parts)).toEqual(BOTH)
  })

  test('is named by what came while both logs grew', async () => {
    const growing = place()
    const [first, second] = [FLOWS.split('\n')[0]!, FLOWS.split('\n')[2]!].map((line) => `${line}\n`)
    const [told, later] = ANSWERS.split('\n').map((line) => `${line}\n`)
    await read(growing, [put(growing, 'dns.log', HEADER + told), put(growing, 'a.log', first!)])
    await read(growing, [put(growing, 'dns.log', HEADER + told + later)])
    expect(await read(growing, [put(growing, 'a.log', first! + second!)])).toEqual(['grown'])
    expect(byAddress(growing)).toEqual(BOTH)
  })

  test('stays without a name where the answer is read after it', async () => {
    const late = place()
    await read(late, [put(late, 'a.log', FLOWS)])
    await read(late, [put(late, 'dns.log', HEADER + ANSWERS)])
    expect(byAddress(late)).toEqual([])
  })

  test('is not named where two inputs tell of two apps', async () => {
    const two = place()
    const other = dns('10.1.4.7', 'www.other.example', '198.51.100.20')
    await read(two, [put(two, 'dns.log', HEADER + ANSWERS)])
    await read(two, [put(two, 'dns2.log', HEADER + other)])
    await read(two, [put(two, 'a.log', FLOWS)])
    expect(byAddress(two)).toEqual(['10.1.4.8 app'])
  })

  test('a log does not name its own flows, also when it has grown', async () => {
    const eve = (type: string, rest: string) =>
      `{"timestamp":"2026-05-12T08:00:00.000000+0000","event_type":"${type}","src_ip":"10.1.4.7","src_port":50000,${rest}}\n`
    const answer = eve(
      'dns',
      '"dest_ip":"10.0.0.1","dest_port":53,"proto":"UDP","dns":{"version":2,"type":"answer","rrname":"www.app.example","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"www.app.example","rrtype":"A","ttl":300,"rdata":"198.51.100.20"}]}',
    )
    const flow = eve(
      'flow',
      '"dest_ip":"198.51.100.20","dest_port":443,"proto":"TCP","flow":{"pkts_toserver":5,"pkts_toclient":5,"bytes_toserver":900,"bytes_toclient":900,"start":"2026-05-12T08:00:00.000000+0000","end":"2026-05-12T08:00:01.000000+0000","age":1}',
    )
    const own = place()
    await read(own, [put(own, 'eve.json', answer + flow)])
    expect(byAddress(own)).toEqual([])
    await read(own, [put(own, 'eve.json', answer + flow + flow)])
    expect(byAddress(own)).toEqual([])
    await read(own, [put(own, 'other.json', flow)])
    expect(byAddress(own)).toEqual(['10.1.4.7 app'])
  })
})
