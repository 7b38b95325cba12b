import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/base/name.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { loadSignatures } from '../../src/classify/load.ts'

const set = loadSignatures('signatures')
const classifier = new Classifier(set)

describe('the signatures that come with offchannel', () => {
  test('load, each with its own tests and against all others', () => {
    expect(set.signatures.length).toBeGreaterThanOrEqual(50)
  })

  test.each([
    ['g.whatsapp.net', 'whatsapp messaging distinctive'],
    ['E16.WhatsApp.NET.', 'whatsapp messaging distinctive'],
    ['media-mxp1-1.cdn.whatsapp.net', 'whatsapp media distinctive'],
    ['static.whatsapp.net', 'whatsapp shared ambiguous'],
    ['unheard-of.whatsapp.net', 'whatsapp messaging supporting'],
    ['www.whatsapp.com', 'whatsapp marketing ambiguous'],
    ['wa.me', 'whatsapp marketing ambiguous'],
    ['chat.signal.org', 'signal messaging distinctive'],
    ['www.signal.org', 'signal marketing ambiguous'],
    ['t.me', 'telegram marketing ambiguous'],
    ['telegram.org', 'telegram marketing ambiguous'],
    ['web.telegram.org', 'telegram web-client distinctive'],
    ['g-1a.0.threema.ch', 'threema messaging distinctive'],
    ['w-1a.0.threema.ch', 'threema-work messaging distinctive'],
    ['eu-api.asm.skype.com', 'ms-teams-work media supporting'],
    ['config.edge.skype.com', 'skype shared ambiguous'],
    ['dns.mullvad.net', 'encrypted-dns resolver supporting'],
    ['vpn-api.proton.me', 'proton-vpn tunnel distinctive'],
    ['mail.proton.me', 'proton-mail web-client distinctive'],
    ['abcdefghij234567.onion', 'tor tunnel distinctive'],
  ])('%s is %s', (name, expected) => {
    const told = classifier
      .matchName(nameFromText(name.toLowerCase()))
      .map(({ signature, indicator }) => `${signature.id} ${indicator.role} ${indicator.strength}`)
    expect(told).toEqual([expected])
  })

  test.each([
    'notwhatsapp.net',
    'g.whatsapp.net.example.com',
    'whatsapp.example',
    'www.facebook.com',
    'graph.facebook.com',
    'login.live.com',
    'www.google.com',
    '1-courier.push.apple.com',
    'netflix.com',
    'hotmail.example',
  ])('%s is nobody’s', (name) => {
    expect(classifier.matchName(name)).toEqual([])
  })

  test('never give more than supporting strength to what no source confirms', () => {
    const unconfirmed = set.signatures.flatMap(({ id, indicators }) =>
      indicators
        .filter(
          ({ sources, strength }) =>
            strength === 'distinctive' && sources.some((source) => source.startsWith('general knowledge')),
        )
        .map(({ value }) => `${id} ${value}`),
    )
    expect(unconfirmed).toEqual([])
  })
})
