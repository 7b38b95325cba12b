import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/base/address.ts'
import { Observation } from '../../src/model/observation.ts'
import { observationRecord } from '../../src/report/observation.ts'

function full(): Observation {
  const observation = new Observation()
  observation.time = 1_795_287_120_123_456
  observation.end = 1_795_287_121_000_000
  observation.means = 'dns-answer'
  observation.name = 'web.whatsapp.com'
  parseAddress('10.0.0.5', observation.addresses, 0)
  parseAddress('2001:db8::53', observation.addresses, 4)
  observation.hasClient = true
  observation.hasServer = true
  observation.clientPort = 51234
  observation.serverPort = 53
  observation.transport = 'udp'
  observation.action = 'blocked'
  observation.bytesUp = 0
  observation.bytesDown = 811
  observation.user = 'alice'
  observation.device = 'laptop-17'
  parseAddress('192.0.2.60', observation.answerAddresses, 0)
  parseAddress('192.0.2.61', observation.answerAddresses, 4)
  observation.answerCount = 2
  observation.timeToLive = 0
  observation.aliases = ['mmx-ds.cdn.whatsapp.net']
  observation.encryptedHello = true
  observation.position = 12
  observation.firstPosition = 9
  return observation
}

describe('observationRecord', () => {
  it('gives every key in its place', () => {
    expect(JSON.stringify(observationRecord(full(), 'a.pcap', 'frame'))).toBe(
      '{"time":"2026-11-21T18:52:00.123456Z","means":"dns-answer","name":"web.whatsapp.com","client":"10.0.0.5",' +
        '"clientPort":51234,"server":"2001:db8::53","serverPort":53,"transport":"udp","user":"alice","action":"blocked",' +
        '"bytesUp":0,"bytesDown":811,"input":"a.pcap","frame":12,"end":"2026-11-21T18:52:01.000000Z","firstFrame":9,' +
        '"device":"laptop-17","addresses":["192.0.2.60","192.0.2.61"],"timeToLive":0,' +
        '"aliases":["mmx-ds.cdn.whatsapp.net"],"encryptedHello":true}',
    )
  })

  it('leaves out what is unknown', () => {
    expect(JSON.stringify(observationRecord(new Observation(), '-', 'line'))).toBe(
      '{"time":"1970-01-01T00:00:00.000000Z","means":"dns-query","input":"-","line":0}',
    )
  })

  it('says line of a log where it says frame of a capture', () => {
    expect(observationRecord(full(), 'a.log', 'line')).toMatchObject({ line: 12, firstLine: 9 })
  })

  it('makes user and device harmless for a terminal', () => {
    const observation = new Observation()
    observation.user = 'alice\u009b2J'
    observation.device = '\u202egnp'
    expect(observationRecord(observation, 'a.log', 'line')).toMatchObject({
      user: 'alice\\u{9b}2J',
      device: '\\u{202e}gnp',
    })
  })
})
