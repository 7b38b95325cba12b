import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/base/name.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { loadSignatures } from '../../src/classify/load.ts'
import { appsPage } from './apps-page.ts'

const set = loadSignatures('signatures')
const classifier = new Classifier(set)

describe('the signatures that come with offchannel', () => {
  test('load, each with its own tests and against all others', () => {
    expect(set.signatures.length).toBeGreaterThanOrEqual(109)
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
    ['gov.teams.microsoft.us', 'ms-teams-gov messaging distinctive'],
    ['example.zoomgov.com', 'zoom-gov call distinctive'],
    ['example.slack-gov.com', 'slack-gov messaging distinctive'],
    ['api.messaging.wickr.us-gov-west-1.amazonaws.com', 'aws-wickr messaging distinctive'],
    ['signal.tube', 'signal-proxy tunnel supporting'],
    ['api.nicegram.cloud', 'telegram-forks messaging distinctive'],
    ['imap.mail.com', 'gmx messaging distinctive'],
    ['app.tuta.com', 'tuta web-client distinctive'],
    ['example.app.box.com', 'box web-client supporting'],
    ['de-001.whiskergalaxy.com', 'windscribe tunnel distinctive'],
    ['connect.ngrok-agent.com', 'ngrok tunnel distinctive'],
    ['example.gw.gpcloudservice.com', 'globalprotect tunnel supporting'],
    ['cloudflare-ech.com', 'encrypted-client-hello shared ambiguous'],
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

  test('are what the page of apps says', async () => {
    await expect(appsPage(set.signatures)).toMatchFileSnapshot('../../docs/apps.md')
  })

  test('give a retired app no indicator that is valid after its last day', () => {
    const retired = set.signatures.filter(({ status }) => status === 'retired')
    expect(retired.map(({ id }) => id)).toEqual(['icq', 'skype', 'wickr-me'])
    const counting = retired.flatMap(({ id, retiredOn, indicators }) =>
      indicators
        .filter(({ strength, validUntil }) => strength !== 'ambiguous' && validUntil !== retiredOn)
        .map(({ value }) => `${id} ${value}`),
    )
    expect(counting).toEqual([])
  })

  test('give each edition for governments a file of its own, which a policy can permit alone', () => {
    const editions = ['threema-work', 'aws-wickr', 'ms-teams-gov', 'zoom-gov', 'slack-gov']
    const ids = set.signatures.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(editions))
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
