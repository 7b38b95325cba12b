import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { Classifier } from '../../src/classify/classifier.ts'
import { loadSignatures } from '../../src/classify/load.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { indexSignatures } from '../../src/judge/signature-index.ts'
import { judgeSubjectDay } from '../../src/judge/subject-day.ts'
import type { Reading } from '../../src/model/reading.ts'
import type { Client } from '../../src/model/sighting.ts'
import { FactSink, readInput } from '../../src/pipeline.ts'
import { openInput } from '../../src/read/open.ts'
import { NetworkMap } from '../../src/subjects/network-map.ts'
import { RotatingClients } from '../../src/subjects/rotating-clients.ts'
import { folder } from './corpora.ts'

const CAPTURES = 'ntop+nDPI/tests/cfgs/default/pcap'

/** What is in the captures, by their names and by looking at them with tshark; then what is said of the app. */
const SHOWN: readonly (readonly [capture: string, holds: string, app: string, said: string])[] = [
  ['whatsapp.pcap', 'a phone that connects again and again for a day', 'whatsapp', 'background kept-open'],
  ['jabber.pcap', 'log-ins, and five short messages', 'xmpp', 'background kept-open'],
  ['snapchat.pcap', 'two greetings with a request each', 'snapchat', 'background kept-open'],
  ['wechat.pcap', 'a chat in the browser', 'wechat', 'messaging messaging'],
  ['telegram.pcap', 'a call', 'telegram', 'call call'],
  ['line.pcap', 'a call', 'line', 'call call'],
  ['zoom.pcap', 'a meeting', 'zoom', 'call call'],
  ['zoom_p2p.pcapng', 'a meeting between two', 'zoom', 'call call'],
  ['stun_signal.pcapng', 'calls that are set up', 'signal', 'call call-set-up'],
  ['wa_voice.pcap', 'a call', 'whatsapp', 'call'],
  ['whatsapp_voice_and_message.pcap', 'a call and messages', 'whatsapp', 'call'],
]

/** Ordinary traffic, in which nobody uses an app. */
const NOTHING = ['443-curl.pcap', 'google_ssl.pcap', 'facebook.pcap', 'stun_classic.pcap', 'rtps.pcap']

describe.skipIf(folder === undefined)('on captures of others', () => {
  const signatures = folder === undefined ? { signatures: [], hash: '' } : loadSignatures('signatures')
  const classifier = new Classifier(signatures)
  const index = indexSignatures(signatures)

  test.each(SHOWN)('%s holds %s', async (capture, _, app, said) => {
    const verdicts = (await judged(capture)).filter((one) => one.app === app)
    for (const { activity, grade } of verdicts) console.info(`  ${capture} ${app}, ${grade}: ${activity.reason}`)
    expect(verdicts).not.toEqual([])
    for (const { activity } of verdicts) expect(`${activity.value} ${activity.rule}`).toContain(said)
  })

  test.each(NOTHING)('%s shows nobody using anything', async (capture) => {
    expect(await judged(capture)).toEqual([])
  })

  async function judged(capture: string) {
    const options = { standardInput: Readable.from([]), hashUnpacked: false }
    const { chunks, format, close } = await openInput(join(folder!, 'data', CAPTURES, capture), options)
    const clients = new RotatingClients(new Uint8Array(32), false, 'none')
    const networks = new NetworkMap(NO_POLICY)
    const sink = new FactSink({ classifier, networks, clients, site: '', isCapture: true })
    try {
      await readInput(chunks, format!, sink)
    } finally {
      close()
    }
    const reading: Reading = { id: 1, input: capture, kind: 'capture', format: '', source: 'file', settings: '' }
    const { sightings } = sink.facts.take()
    const days = Map.groupBy(sightings, ({ client, quarter }) => `${named(client)} ${Math.floor(quarter / 96)}`)
    return [...days.values()].flatMap((day) => {
      const subject = named(day[0]!.client)
      const facts = {
        day: Math.floor(day[0]!.quarter / 96),
        subject,
        label: subject,
        sightings: day.map((sighting) => ({ ...sighting, reading, client: subject, user: '' })),
        marks: [],
        sessions: [],
      }
      return judgeSubjectDay(facts, NO_POLICY, index).findings.flatMap(({ app, verdicts }) =>
        verdicts.map(({ activity, grade }) => ({ app, activity, grade: grade.value })),
      )
    })
  }
})

function named({ kind, tag }: Client): string {
  return `${kind}-${tag}`
}
