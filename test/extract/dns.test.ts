import dnsPacket, { type Answer, type Packet as DnsPacket } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { ascii, concat, dnsMessage, dnsQuery, type Ends, reversed, udpPacket, uint16, uint32 } from '../build/index.ts'
import { fc } from '../property.ts'
import { type Extraction, extract } from './drive.ts'

const ends: Ends = { source: '10.0.0.5', destination: '192.0.2.53', sourcePort: 50001, destinationPort: 53 }
const TYPE_A_IN = [0, 1, 0, 1]

function query(message: Uint8Array): Extraction {
  return extract([udpPacket(ends, message)])
}

function answer(message: Uint8Array): Extraction {
  return extract([udpPacket(reversed(ends), message)])
}

/** A query whose question section is as given. */
function withQuestions(count: number, ...sections: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  return concat([0, 1, 1, 0], uint16(count), [0, 0, 0, 0, 0, 0], ...sections)
}

function label(text: string): Uint8Array {
  return concat([text.length], ascii(text))
}

describe('a DNS query', () => {
  test('is an observation of its client and server', () => {
    expect(query(dnsQuery('Web.WhatsApp.com')).observed).toEqual([
      {
        time: '1970-01-01T00:00:00.001000Z',
        means: 'dns-query',
        name: 'web.whatsapp.com',
        client: '10.0.0.5',
        clientPort: 50001,
        server: '192.0.2.53',
        serverPort: 53,
        transport: 'udp',
        input: 'test',
        frame: 1,
      },
    ])
  })

  test('gives one observation for each of its questions', () => {
    const questions = ['a.example', 'b.example', 'c.example'].map((name) => ({ name, type: 'A' as const }))
    expect(query(dnsMessage({ questions })).names).toEqual(['a.example', 'b.example', 'c.example'])
  })

  test('that claims more questions than it has gives those that it has', () => {
    const { names, counts } = query(withQuestions(65535, label('a'), [0], TYPE_A_IN))
    expect(names).toEqual(['a'])
    expect(counts).toEqual({ dns_question_damaged: 1 })
  })

  test('for the root has no name', () => {
    expect(query(withQuestions(1, [0], TYPE_A_IN)).observed).toMatchObject([{ means: 'dns-query' }])
    expect(query(withQuestions(1, [0], TYPE_A_IN)).names).toEqual([undefined])
  })

  test('cut anywhere gives the questions before the cut', () => {
    const message = dnsMessage({
      questions: [
        { name: 'one.example', type: 'A' },
        { name: 'two.example', type: 'AAAA' },
      ],
    })
    const first = 12 + 13 + 4
    for (let length = 1; length < message.length; length++) {
      const { names, counts } = query(message.subarray(0, length))
      expect(names).toEqual(length < first ? [] : ['one.example'])
      expect(counts).toEqual(length < 12 ? { dns_message_too_short: 1 } : { dns_question_damaged: 1 })
    }
  })
})

describe('a message of another operation', () => {
  test.each([
    ['an inverse query', 1],
    ['a question for the status', 2],
    ['word of a change', 4],
    ['an update', 5],
    ['a stateful operation', 6],
  ])('(%s) names what stands where a query has its question', (_, opcode) => {
    for (const response of [false, true]) {
      const message = dnsMessage({
        response,
        questions: [{ name: 'zone.example', type: 'A' }],
        answers: [{ name: 'zone.example', type: 'A', data: '192.0.2.1' }],
      })
      message[2]! |= opcode << 3
      const { observed, counts } = response ? answer(message) : query(message)
      expect(observed.map(({ means, name }) => [means, name])).toEqual([
        [response ? 'dns-answer' : 'dns-query', 'zone.example'],
      ])
      expect(counts).toEqual({})
    }
  })
})

describe('a name in a DNS message', () => {
  const far = 'x'.repeat(63)
  test.each<[string, Uint8Array, string]>([
    ['with a dot inside a label', concat(label('a.whatsapp'), label('com'), [0]), 'a\\046whatsapp.com'],
    ['with control bytes', concat(label('a\n\x1b[2J'), [0]), 'a\\010\\027[2j'],
    ['with a backslash and a space', concat(label('a\\ b'), [0]), 'a\\092\\032b'],
    ['with bytes above ASCII', concat([2, 0xc3, 0xa9], [0]), '\\195\\169'],
    [
      'of 255 bytes',
      concat(label(far), label(far), label(far), label('x'.repeat(61)), [0]),
      `${far}.${far}.${far}.${'x'.repeat(61)}`,
    ],
  ])('%s is written so that it is harmless and forges no other', (_, name, written) => {
    const { names, counts } = query(withQuestions(1, name, TYPE_A_IN))
    expect(names).toEqual([written])
    expect(counts).toEqual({})
  })

  test.each<[string, Uint8Array]>([
    ['points to itself', concat([0xc0, 12])],
    ['points to a label that leads to it again', concat(label('a'), [0xc0, 12])],
    ['points forward', concat([0xc0, 14], label('a'), [0])],
    ['points behind the message', concat([0xff, 0xff])],
    ['points into the middle of itself', concat(label('abc'), [0xc0, 14])],
    ['has a label of a reserved kind', concat([0x41, 0x61], [0])],
    ['has a label of another reserved kind', concat([0x80, 0x61], [0])],
    ['is too long', concat(label(far), label(far), label(far), label('x'.repeat(63)), [0])],
    ['goes on past the message', concat([63], ascii('abc'))],
    ['ends in half a pointer', concat(label('abc'), [0xc0])],
  ])('that %s is damaged', (_, name) => {
    const { names, counts } = query(withQuestions(1, name, name.length < 20 ? [] : TYPE_A_IN))
    expect(names).toEqual([])
    expect(counts).toEqual({ dns_question_damaged: 1 })
  })

  test('may point back to a name that points back, as often as a name has labels', () => {
    // Each name is one label and a pointer to the one before it.
    const chain = (count: number) => {
      let message = withQuestions(count, label('l'), [0], TYPE_A_IN)
      for (let i = 1, last = 12; i < count; i++) {
        const here = message.length
        message = concat(message, label('l'), uint16(0xc000 | last), TYPE_A_IN)
        last = here
      }
      return query(message).names
    }
    expect(chain(5)).toEqual(['l', 'l.l', 'l.l.l', 'l.l.l.l', 'l.l.l.l.l'])
    const longest = chain(300)
    expect(longest).toHaveLength(127)
    expect(longest.at(-1)).toHaveLength(2 * 127 - 1)
  })

  test('that points to a pointer to a pointer, over and over, is given up before it costs time', () => {
    const questions = [[0, ...TYPE_A_IN]]
    for (let last = 12, here = 17; questions.length < 2500; last = here, here += 6) {
      questions.push([...uint16(0xc000 | last), ...TYPE_A_IN])
    }
    const { observed, counts } = query(withQuestions(2500, ...questions))
    expect(observed).toHaveLength(1 + 127)
    expect(counts).toEqual({ dns_question_damaged: 1 })
  })
})

describe('a DNS response', () => {
  test('is an observation of the client that asked, with the addresses, aliases and shortest lifetime', () => {
    const message = dnsMessage({
      response: true,
      questions: [{ name: 'g.whatsapp.net', type: 'A' }],
      answers: [
        { name: 'g.whatsapp.net', type: 'CNAME', data: 'chat.cdn.whatsapp.net', ttl: 20 },
        { name: 'chat.cdn.whatsapp.net', type: 'CNAME', data: 'edge.example', ttl: 3600 },
        { name: 'edge.example', type: 'A', data: '198.51.100.7', ttl: 60 },
        { name: 'edge.example', type: 'TXT', data: 'not an address', ttl: 1 },
        { name: 'edge.example', type: 'AAAA', data: '2001:db8::7', ttl: 50 },
      ],
    })
    expect(answer(message).observed).toEqual([
      {
        time: '1970-01-01T00:00:00.001000Z',
        means: 'dns-answer',
        name: 'g.whatsapp.net',
        client: '10.0.0.5',
        clientPort: 50001,
        server: '192.0.2.53',
        serverPort: 53,
        transport: 'udp',
        input: 'test',
        frame: 1,
        addresses: ['198.51.100.7', '2001:db8::7'],
        timeToLive: 50,
        aliases: ['chat.cdn.whatsapp.net', 'edge.example'],
      },
    ])
  })

  test('that found nothing names what was asked', () => {
    const message = dnsMessage({ response: true, rcode: 3, questions: [{ name: 'a.example', type: 'A' }] })
    expect(answer(message).observed).toMatchObject([{ means: 'dns-answer', name: 'a.example' }])
  })

  test('to several questions names them all and says of none which addresses it has', () => {
    const questions = ['a.example', 'b.example'].map((name) => ({ name, type: 'A' as const }))
    const answers = [{ name: 'a.example', type: 'A' as const, data: '192.0.2.1' }]
    const { observed } = answer(dnsMessage({ response: true, questions, answers }))
    expect(observed.map(({ name, addresses }) => [name, addresses])).toEqual([
      ['a.example', undefined],
      ['b.example', undefined],
    ])
  })

  test('keeps the first 64 addresses and 16 aliases', () => {
    const aliases = Array.from({ length: 20 }, (_, i) => ({
      name: 'a.example',
      type: 'CNAME' as const,
      data: `c${i}.example`,
    }))
    const addresses = Array.from({ length: 70 }, (_, i) => ({
      name: 'a.example',
      type: 'A' as const,
      data: `192.0.2.${i}`,
    }))
    const questions = [{ name: 'a.example', type: 'A' as const }]
    const { observed } = answer(dnsMessage({ response: true, questions, answers: [...aliases, ...addresses] }))
    expect(observed).toMatchObject([
      {
        addresses: addresses.slice(0, 64).map(({ data }) => data),
        aliases: aliases.slice(0, 16).map(({ data }) => data),
      },
    ])
  })

  test('leaves out records of another class and of a wrong length', () => {
    const record = (type: number, kind: number, data: readonly number[]) =>
      concat([0xc0, 12], uint16(type), uint16(kind), uint32(60), uint16(data.length), data)
    const message = concat(
      [0, 1, 0x81, 0x80, 0, 1, 0, 4, 0, 0, 0, 0],
      ...[label('a'), [0], TYPE_A_IN],
      record(1, 3, [192, 0, 2, 1]),
      record(1, 1, [192, 0, 2]),
      record(28, 1, [192, 0, 2, 1]),
      record(1, 1, [192, 0, 2, 9]),
    )
    expect(answer(message).observed).toMatchObject([{ name: 'a', addresses: ['192.0.2.9'] }])
  })

  test('cut behind its question gives the addresses before the cut, and cut in its question nothing', () => {
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
    const message = dnsMessage({
      response: true,
      questions: [{ name: 'a.example', type: 'A' }],
      answers: addresses.map((data) => ({ name: 'a.example', type: 'A', data })),
    })
    const question = 12 + 11 + 4
    for (let length = 12; length < question; length++) {
      const { observed, counts } = answer(message.subarray(0, length))
      expect({ observed, counts }).toEqual({ observed: [], counts: { dns_question_damaged: 1 } })
    }
    for (let length = question; length <= message.length; length++) {
      const whole = Math.floor((length - question) / 16)
      const { observed } = answer(message.subarray(0, length))
      expect(observed.map((one) => one.addresses ?? [])).toEqual([addresses.slice(0, whole)])
    }
  })
})

describe('on other ports than 53', () => {
  const names = (port: number, message: Uint8Array) =>
    extract([udpPacket({ ...ends, destinationPort: port }, message)]).names

  test.each([5353, 5355, 137])('what names the own devices is not read (%i)', (port) => {
    expect(names(port, dnsQuery('a.example'))).toEqual([])
  })

  test('what is DNS beyond doubt is read, and nothing else', () => {
    expect(names(8053, dnsQuery('a.example'))).toEqual(['a.example'])
    const query = dnsQuery('a.example')
    for (let end = 0; end < query.length; end++) expect(names(8053, query.subarray(0, end))).toEqual([])
    // Opcode, reserved bit, response code, questions, answers, the name, its type and class.
    for (const [at, value] of [
      [2, 0x09],
      [3, 0x40],
      [3, 0x03],
      [5, 2],
      [7, 1],
      [13, 0x20],
      [23, 2],
      [26, 3],
    ] as const) {
      const damaged = query.slice()
      damaged[at] = value
      expect(names(8053, damaged), `byte ${at}`).toEqual([])
    }
  })
})

describe('another reader of DNS (dns-packet)', () => {
  const text = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/)
  const name = fc.array(text, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'))
  const ipv4 = fc.ipV4()
  const record = fc.oneof(
    fc.record({ type: fc.constant('A' as const), name, data: ipv4, ttl: fc.nat(100_000) }),
    fc.record({ type: fc.constant('CNAME' as const), name, data: name, ttl: fc.nat(100_000) }),
    fc.record({ type: fc.constant('TXT' as const), name, data: text, ttl: fc.nat(100_000) }),
  )

  /** What it makes of a response, in our words. */
  function independently(message: Uint8Array) {
    const { questions = [], answers = [] } = dnsPacket.decode(Buffer.from(message))
    const of = (type: string) => answers.filter((one: Answer) => one.type === type) as { data: string; ttl: number }[]
    const addresses = of('A').map(({ data }) => data)
    const aliases = of('CNAME').map(({ data }) => data.toLowerCase())
    return {
      name: questions[0]!.name.toLowerCase(),
      addresses: addresses.length > 0 ? addresses : undefined,
      timeToLive: addresses.length > 0 ? Math.min(...of('A').map(({ ttl }) => ttl)) : undefined,
      aliases: aliases.length > 0 ? aliases : undefined,
    }
  }

  function ours(message: Uint8Array) {
    const { observed, counts } = answer(message)
    expect(counts).toEqual({})
    expect(observed).toHaveLength(1)
    const { name: asked, addresses, timeToLive, aliases } = observed[0]!
    return { name: asked, addresses, timeToLive, aliases }
  }

  test('writes messages that are read as it meant them', () => {
    fc.assert(
      fc.property(name, fc.array(record, { maxLength: 12 }), (asked, answers) => {
        const packet: DnsPacket = { type: 'response', questions: [{ type: 'A', name: asked }], answers }
        const message = dnsPacket.encode(packet)
        expect(ours(message)).toEqual(independently(message))
      }),
      { numRuns: 300 },
    )
  })

  test('reads the same in messages whose names are compressed', () => {
    fc.assert(
      fc.property(name, fc.array(record, { maxLength: 12 }), (asked, answers) => {
        const message = dnsMessage({ response: true, questions: [{ name: asked, type: 'A' }], answers })
        expect(ours(message)).toEqual(independently(message))
      }),
      { numRuns: 300 },
    )
  })
})
