import { mappedFormat } from '../mapping/format.ts'
import type { TimeRule } from '../mapping/mapping.ts'

/** With a clock of twelve hours, then of twenty-four. */
const BEGINNINGS = ['{date} {clock} {half} {} PACKET  {} {transport} ', '{date} {clock} {} PACKET  {} {transport} ']
/** What stands before a name: the types are padded to six characters. */
const GAPS = [' ', '']

/** Of the types that lead to a host. */
const TYPES = ['A', 'AAAA', 'HTTPS', '65', 'CNAME', 'ALL']

/** `(3)www(7)example(3)org(0)` stands at the end. */
function sentences(text: string): readonly string[] {
  return BEGINNINGS.flatMap((begin) =>
    TYPES.flatMap((type) => GAPS.map((gap) => `${begin}${text} [{flags}] ${type.padEnd(6)}${gap}{query}`)),
  )
}

const TIMES: readonly TimeRule[] = [
  { from: ['date', 'clock', 'half'], as: 'M/d/yyyy h:mm:ss a' },
  ...['d.M.yyyy', 'd/M/yyyy', 'yyyy/M/d', 'yyyy-M-d', 'd-M-yyyy', 'yyyy.M.d', 'yyyyMMdd'].map((day) => ({
    from: ['date', 'clock'],
    as: `${day} H:mm:ss`,
  })),
]

const SAID = { time: TIMES, client: 'client', transport: 'transport' } as const

/**
 * The debug log of Microsoft's DNS server: packets that came from clients, and what was sent back to them. What it asks
 * other servers itself is left out, and so are the details that may stand in lines behind a packet.
 */
export const microsoftDns = mappedFormat({
  name: 'microsoft-dns',
  title: 'Microsoft DNS Server debug log',
  documentation:
    'https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-r2-and-2008/cc776361(v=ws.10)',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  fields: {
    kind: 'text',
    templates: {
      query: sentences('Rcv {client} {}   Q'),
      answer: sentences('Snd {client} {} R Q'),
    },
  },
  detect: [{ is: { transport: ['udp', 'tcp'], client: { like: 'address' } } }],
  records: [
    { ...SAID, when: { 'text.kind': 'query' }, means: 'dns-query', dns: { query: 'query' } },
    { ...SAID, when: { 'text.kind': 'answer' }, means: 'dns-answer', dns: { query: 'query', rcode: 'flags' } },
  ],
})
