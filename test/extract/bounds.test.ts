import { describe, expect, test } from 'vitest'
import { Oddities } from '../../src/base/oddities.ts'
import { Certificate } from '../../src/extract/certificate.ts'
import { DnsReader } from '../../src/extract/dns.ts'
import { ServerFlight } from '../../src/extract/server-flight.ts'
import { ClientHello } from '../../src/extract/tls.ts'
import { Observation } from '../../src/model/observation.ts'
import { observationRecord } from '../../src/report/observation.ts'
import { certificate, certificateFlight, clientHelloRecords, dnsMessage, random } from '../build/index.ts'
import { mutated } from '../robustness/mutate.ts'

const messages = [
  dnsMessage({ questions: ['a.example', 'b.example', 'c.a.example'].map((name) => ({ name, type: 'A' })) }),
  dnsMessage({
    response: true,
    questions: [{ name: 'g.whatsapp.net', type: 'A' }],
    answers: [
      { name: 'g.whatsapp.net', type: 'CNAME', data: 'chat.cdn.whatsapp.net' },
      { name: 'chat.cdn.whatsapp.net', type: 'A', data: '198.51.100.7' },
      { name: 'chat.cdn.whatsapp.net', type: 'AAAA', data: '2001:db8::7' },
    ],
  }),
]
const hellos = [
  clientHelloRecords({ serverName: 'chat.signal.org', postQuantum: false }),
  clientHelloRecords({
    serverName: 'chat.signal.org',
    postQuantum: false,
    encryptedHello: true,
    recordSizes: [3, 60, 90],
  }),
]

const certificates = [
  certificate({ subject: [{ type: 'CN', value: 'chat.signal.org' }], dnsNames: ['a.example', 'b.example'] }),
]
const flights = [certificateFlight(certificates), certificateFlight(certificates, { recordSizes: [3, 100, 60] })]

function readMessage(bytes: Uint8Array, end: number): unknown {
  const oddities = new Oddities()
  const observed: unknown[] = []
  new DnsReader(oddities).read(bytes, 0, end, new Observation(), (one) =>
    observed.push(observationRecord(one, '', 'frame')),
  )
  return [observed, oddities.entries()]
}

function readHello(bytes: Uint8Array, end: number): unknown {
  const hello = new ClientHello()
  const state = hello.find(bytes, 0, end)
  if (state === 'none') return state
  const fits = hello.read()
  const name = Buffer.from(hello.bytes.subarray(hello.nameStart, hello.nameEnd)).toString('latin1')
  return [state, fits, name, hello.encrypted, hello.echConfigId, hello.resumes, hello.alpn, hello.ja4]
}

function readFlight(bytes: Uint8Array, end: number): unknown {
  const flight = new ServerFlight()
  const state = flight.find(bytes, 0, end)
  if (state === 'none' || (state === 'partial' && !flight.takeRest())) return state
  return [state, Buffer.from(flight.bytes.subarray(flight.start, flight.end)).toString('hex')]
}

function readCertificate(bytes: Uint8Array, end: number): unknown {
  const one = new Certificate()
  return [one.read(bytes, 0, end), one.name, one.aliases, one.issuer]
}

describe.each<[string, (bytes: Uint8Array, end: number) => unknown, readonly Uint8Array[]]>([
  ['a DNS message', readMessage, messages],
  ['a ClientHello', readHello, hellos],
  ["a server's flight", readFlight, flights],
  ['a certificate', readCertificate, certificates],
])('%s that was cut', (_, read, wholes) => {
  test('is read the same whether what was cut off still stands behind it or not', () => {
    for (const whole of wholes) {
      for (let number = 0; number < 20; number++) {
        const bytes = number === 0 ? whole : mutated(whole, random(number))
        for (let end = 0; end <= bytes.length; end++) {
          expect(read(bytes, end), `case ${number}, end ${end}`).toEqual(read(bytes.slice(0, end), end))
        }
      }
    }
  })
})
