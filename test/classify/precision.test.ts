import { readFileSync } from 'node:fs'
import { domainToASCII } from 'node:url'
import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/base/name.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { loadSignatures } from '../../src/classify/load.ts'

const { signatures } = loadSignatures('signatures')
const classifier = new Classifier({ signatures })
const named = signatures.flatMap((signature) =>
  signature.indicators
    .filter(({ type }) => type === 'exact' || type === 'suffix' || type === 'pattern')
    .map((indicator) => ({ app: signature.id, indicator, name: indicator.value.replaceAll('*', 'a1') })),
)

/** What every device does, ordinary browsing and work: a name a line. */
const ordinary = readFileSync(new URL('ordinary-names.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))

/** `app role strength` of whatever a name belongs to. */
function told(name: string): string[] {
  return classifier
    .matchName(nameFromText(name.toLowerCase()))
    .map(({ signature, indicator }) => `${signature.id} ${indicator.role} ${indicator.strength}`)
}

/** What raises nothing, whatever else is seen. */
function isContext(name: string): boolean {
  const matches = classifier.matchName(nameFromText(name.toLowerCase()))
  return matches.every(({ indicator: { role, strength } }) => {
    return strength === 'ambiguous' || role === 'marketing' || role === 'shared'
  })
}

describe('names that only look like an app’s', () => {
  test.each([
    // The app's name to the left of somebody else's domain.
    'chat.signal.org.example.com',
    'g.whatsapp.net.example.com',
    'web.whatsapp.com.login.example',
    'discord.com.example.org',
    'mail.proton.me.example.net',
    'threema.ch.example.com',
    // A domain that ends in the same letters, but not in the same label.
    'netflix.com',
    'fedex.com',
    'wix.com',
    'phoenix.com',
    'notwhatsapp.net',
    'mywhatsapp.com',
    'notsignal.org',
    'first.me',
    'home.me',
    'chat.me',
    'inbox.com',
    'xbox.com',
    'mailbox.org',
    'outline.me',
    'airline.me',
    'detelegram.org',
    'fakegram.me',
    'hotmail.example',
    'mymail.ru',
    'skylark.com',
    'pipeline.com',
    // A letter changed, added or left out, and other endings.
    'whatsap.net',
    'whatsapp.co',
    'web-whatsapp.com',
    'web.whatsapp.example',
    'telegrarn.org',
    'signai.org',
    'teams.microsoft.co',
    'dlscord.com',
    'discord.gq',
    'zoorn.us',
    'protonvpn.example',
    'wa.me.uk',
    't.me.example',
    // One label too few or too many.
    'org',
    'net',
    'whatsapp',
    'signal',
    'line',
    'zoom',
    'me',
    'ch',
  ])('%s is nobody’s', (name) => {
    expect(told(name)).toEqual([])
  })

  test.each([
    'whаtsapp.com', // Cyrillic а
    'web.whаtsapp.com', // Cyrillic а
    'sıgnal.org', // dotless i
    'tеlegram.org', // Cyrillic е
    'discоrd.com', // Cyrillic о
    'ζoom.us', // Greek zeta
    'thrеema.ch', // Cyrillic е
    'ѕignal.org', // Cyrillic ѕ
  ])('%s is nobody’s, in its own script as in punycode', (name) => {
    expect(told(name)).toEqual([])
    expect(domainToASCII(name)).toMatch(/^(.*\.)?xn--/)
    expect(told(domainToASCII(name))).toEqual([])
  })

  test('every indicator’s name is nobody’s when another domain stands behind it', () => {
    const matched = named.filter(({ name }) => told(`${name}.example.com`).length > 0)
    expect(matched.map(({ app, name }) => `${app} ${name}`)).toEqual([])
    expect(named.length).toBeGreaterThan(700)
  })

  test('no indicator matches a name whose labels only end like its own', () => {
    const matched = named.filter(({ indicator, name }) => {
      const found = classifier.matchName(`not${name}`)
      return indicator.type !== 'pattern' && found.some((match) => match.indicator === indicator)
    })
    expect(matched.map(({ app, name }) => `${app} ${name}`)).toEqual([])
  })

  test('no indicator takes everything under a domain that many share', () => {
    const shared = [
      'amazonaws.com',
      'cloudfront.net',
      'azureedge.net',
      'cloudapp.net',
      'googleapis.com',
      'googleusercontent.com',
      'appspot.com',
      'cloudfunctions.net',
      'fastly.net',
      'akamaized.net',
      'akadns.net',
      'trafficmanager.net',
      'cdn77.org',
      'synology.me',
      'co.uk',
      'com.br',
    ]
    expect(shared.filter((domain) => told(`a1b2c3.${domain}`).length > 0)).toEqual([])
  })
})

describe('ordinary names', () => {
  test.each(ordinary)('%s is nobody’s', (name) => {
    expect(told(name)).toEqual([])
  })

  test.each([
    'www.whatsapp.com',
    'static.whatsapp.net',
    'chat.whatsapp.com',
    'wa.me',
    'signal.org',
    'signal.me',
    't.me',
    'telegram.org',
    'api.telegram.org',
    'telegra.ph',
    'm.me',
    'line.me',
    'threema.ch',
    'cdn.discordapp.com',
    'discord.gg',
    'hooks.slack.com',
    'www.zoom.com',
    'config.edge.skype.com',
    'matrix.to',
    'www.nordvpn.com',
    'nordvpn.com',
    'www.expressvpn.com',
    'mullvad.net',
    'www.torproject.org',
    'we.tl',
    '1drv.ms',
    'www.box.com',
    'tuta.com',
    'cloudflare-ech.com',
    'use-application-dns.net',
    'example.ngrok-free.app',
    'getoutline.org',
    'www.feishu.cn',
    'oapi.dingtalk.com',
  ])('%s is context and raises nothing', (name) => {
    expect(told(name)).not.toEqual([])
    expect(isContext(name)).toBe(true)
  })

  test.each([
    'edge-mqtt.facebook.com',
    'edge-chat.facebook.com',
    'edge-chat.instagram.com',
    'chat-ws.x.com',
    'im-ws.tiktok.com',
    'realtime.www.linkedin.com',
    'imv4.vk.com',
  ])('%s, which a page opens for whoever is logged in, does not stand alone', (name) => {
    const matches = classifier.matchName(name)
    expect(matches.map(({ indicator }) => `${indicator.role} ${indicator.strength}`)).toEqual(['messaging supporting'])
  })
})
