import { describe, expect, test } from 'vitest'
import { applicationName } from '../../src/classify/application-name.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { Observation } from '../../src/model/observation.ts'
import { made } from './made.ts'

const classifier = new Classifier({
  signatures: [
    made('a', 'exact www.a.example', 'application chat.exe', 'application org.example.chat', 'realm a.example'),
    made('b', 'protocol whatsapp', 'stun-attribute 0x4001', 'issuer Example-CA', 'alpn chat/1', 'alpn chat/2'),
    made('c', 'ja4 t13d1516h2_8daaf6152771_e5627efa2ab1', 'realm a.example'),
  ],
})

function matched(said: Partial<Observation>): string[] {
  const observation = Object.assign(new Observation(), said)
  return classifier.match(observation).map(({ signature, indicator }) => `${signature.id} ${indicator.type}`)
}

describe('beside names an observation is matched by', () => {
  test.each<[string, Partial<Observation>, string[]]>([
    ['what its flow speaks', { protocol: 'whatsapp' }, ['b protocol']],
    ['another protocol', { protocol: 'mtproto' }, []],
    ['the realm of its relay, for each app that has it', { realm: 'a.example' }, ['a realm', 'c realm']],
    ['each attribute of its STUN', { protocol: 'stun', stunAttributes: ['0x4000', '0x4001'] }, ['b stun-attribute']],
    ['the issuer of a certificate', { name: 'x.example', issuer: 'Example-CA' }, ['b issuer']],
    ['a program', { application: 'chat.exe' }, ['a application']],
    ['a name and a program', { name: 'www.a.example', application: 'chat.exe' }, ['a exact', 'a application']],
    ['nothing of what is not said', {}, []],
  ])('%s', (_, said, expected) => {
    expect(matched(said)).toEqual(expected)
  })

  test('what its hello offers, and its fingerprint', () => {
    const hello = { alpn: ['h2', 'chat/2', 'chat/1'], ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1' }
    expect(matched({ hello })).toEqual(['b alpn', 'b alpn', 'c ja4'])
  })
})

describe('a program is compared', () => {
  test.each([
    ['C:\\Users\\alice\\AppData\\Local\\Chat\\Chat.exe', 'chat.exe'],
    ['/Applications/Chat.app/Contents/MacOS/Chat', 'chat'],
    ['org.Example.Chat', 'org.example.chat'],
    ['\\\\server\\share/Chat.EXE', 'chat.exe'],
    ['/usr/bin/', ''],
    ['', ''],
  ])('by its name without folders, in lower case: %j', (text, name) => {
    expect(applicationName(text)).toBe(name)
  })

  test('so wherever a log found it', () => {
    expect(matched({ application: 'D:\\Chat\\CHAT.EXE' })).toEqual(['a application'])
    expect(matched({ application: 'org.example.Chat' })).toEqual(['a application'])
    expect(matched({ application: 'chat.exe.old' })).toEqual([])
  })
})
