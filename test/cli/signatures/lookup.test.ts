import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { clientHelloRecords, dnsQuery, httpRequest, stunMessage, wireguardInitiation } from '../../build/index.ts'
import { temporaryFolder } from '../../store/made.ts'
import { alone, CHAT, run, signatureFile } from './run.ts'

let folder = ''
beforeEach(() => {
  folder = temporaryFolder()
  writeFileSync(join(folder, 'chat.yaml'), CHAT)
  const tunnel = signatureFile('tunnel', ['type: protocol, value: wireguard, role: tunnel, strength: distinctive'])
  writeFileSync(join(folder, 'tunnel.yaml'), tunnel.replace(/tests:[\s\S]*/, ''))
  const others = [
    'type: network, value: 198.51.100.0/24, role: messaging, strength: distinctive',
    'type: network, value: 198.51.100.0/28, role: messaging, strength: distinctive',
    'type: ja4, value: t13d1516h2_8daaf6152771_e5627efa2ab1, role: messaging, strength: supporting',
    'type: application, value: www.chat.example, role: messaging, strength: supporting',
  ]
  const network = signatureFile('network', others).replace(/tests:[\s\S]*/, '')
  writeFileSync(join(folder, 'network.yaml'), network)
})

async function lookup(thing: string): Promise<Record<string, unknown> & { candidates: Record<string, unknown>[] }> {
  return JSON.parse((await run(['lookup', '--json', ...alone(folder), thing])).out)
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const wins = ({ candidates }: Awaited<ReturnType<typeof lookup>>) =>
  candidates.filter((one) => one.wins).map(({ app, type, value }) => `${app} ${type} ${value}`)

test.each(['https://G.chat.example:8443/path?query#part', 'wss://g.chat.example', 'HTTP://user:word@g.chat.example/'])(
  'a URL is looked up by its host: %s',
  async (url) => {
    const answer = await lookup(url)
    expect(answer).toMatchObject({ url, name: 'g.chat.example' })
    expect(wins(answer)).toEqual(['chat exact g.chat.example'])
    expect(answer.notes).toEqual(['Of a URL the host alone is matched: path, query and port are in no indicator.'])
  },
)

test('an address is looked up by the most specific network that holds it', async () => {
  const answer = await lookup('198.51.100.7')
  expect(answer).toMatchObject({ address: '198.51.100.7' })
  expect(wins(answer)).toEqual(['network network 198.51.100.0/28'])
  expect(answer.notes).toEqual([expect.stringContaining('where a flow names nothing')])
  expect(wins(await lookup('198.51.100.77'))).toEqual(['network network 198.51.100.0/24'])
})

test('of a URL with an address, and of an address, that no network holds it is said so', async () => {
  const [url, address] = [await lookup('https://[2001:DB8::7]/x'), await lookup('192.0.2.7')]
  expect(url).toMatchObject({ address: '2001:db8::7', candidates: [] })
  expect(url.notes).toHaveLength(2)
  expect(address).toMatchObject({ address: '192.0.2.7', candidates: [] })
  expect(address.notes).toEqual(['No network of a signature holds this address.'])
})

test('a JA4 fingerprint is looked up, with what it is worth', async () => {
  const answer = await lookup('T13D1516H2_8daaf6152771_e5627efa2ab1')
  expect(answer).toMatchObject({ ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1' })
  expect(wins(answer)).toEqual(['network ja4 t13d1516h2_8daaf6152771_e5627efa2ab1'])
  expect(answer.notes).toEqual([expect.stringContaining('decides nothing')])
  const other = await lookup('t13d1516h2_8daaf6152771_e5627efa2ab2')
  expect(other.candidates).toEqual([])
  expect(other.notes).toEqual([expect.stringContaining('No indicator names this fingerprint')])
})

test('a text that is a name and a program is looked up as both', async () => {
  expect(wins(await lookup('www.chat.example'))).toEqual([
    'network application www.chat.example',
    'chat suffix chat.example',
  ])
})

test('a protocol is looked up by its name', async () => {
  expect(wins(await lookup('WireGuard'))).toEqual(['tunnel protocol wireguard'])
  expect(await lookup('rtp')).toEqual({ protocol: 'rtp', candidates: [] })
})

test.each([
  ['tls-sni', clientHelloRecords({ serverName: 'g.chat.example' }), 'tcp'],
  ['http-host', httpRequest({ host: 'g.chat.example' }), 'tcp'],
  ['dns-query', dnsQuery('g.chat.example'), 'udp'],
])('bytes that name a host (%s) are looked up by it', async (means, bytes, transport) => {
  const answer = await lookup(hex(bytes))
  expect(answer.recognised).toContainEqual(expect.objectContaining({ means, transport, name: 'g.chat.example' }))
  expect(wins(answer)).toEqual(['chat exact g.chat.example'])
})

test('bytes that are a protocol are looked up by it, however packet tools print them', async () => {
  const digits = hex(wireguardInitiation(7))
  for (const text of [
    digits,
    `0x${digits.toUpperCase()}`,
    digits.replace(/../g, '$& '),
    digits.replace(/..\B/g, '$&:'),
  ]) {
    const answer = await lookup(text)
    expect(answer).toMatchObject({ bytes: digits, recognised: [{ transport: 'udp', protocol: 'wireguard' }] })
    expect(wins(answer)).toEqual(['tunnel protocol wireguard'])
  }
})

test('of bytes that are a protocol of no app it is said which', async () => {
  const { out } = await run(['lookup', ...alone(folder), hex(stunMessage(0x0001))])
  expect(out).toMatch(/^20 bytes: no signature names it\n {2}As the first datagram: stun \(\w+\)\.\n/)
})

test('of bytes that are nothing, or too little, it is said so', async () => {
  const nothing = ['Nothing that is recognised begins with these bytes.']
  for (const text of ['0xff', 'fffefdfc', '16:03:01:02']) {
    expect(await lookup(text)).toMatchObject({ recognised: [], candidates: [], notes: nothing })
  }
  const long = await lookup('ff'.repeat(60_000))
  expect(long.notes).toEqual(['esp over UDP on port 4500 or 4501 can begin so: the first bytes alone do not tell.'])
})

test('few digits without 0x are a word, and half a byte is none', async () => {
  await expect(lookup('facade')).rejects.toThrow('"facade" is a single label')
  await expect(lookup('0xfacad')).rejects.toThrow('"0xfacad" is a single label')
})

test('an indicator that was withdrawn is shown with the reason, and decides nothing', async () => {
  const entry = '- {indicator: chat exact g.chat.example, reason: shared with mail, date: 2026-11-22}\n'
  writeFileSync(join(folder, 'withdrawn.yaml'), entry)
  const answer = await lookup('g.chat.example')
  expect(wins(answer)).toEqual(['chat suffix chat.example'])
  expect(answer.candidates[1]).toMatchObject({
    ...{ type: 'exact', withdrawn: 'shared with mail', wins: false, rule: 'shared with mail' },
  })
  const { out } = await run(['lookup', ...alone(folder), 'g.chat.example'], 140)
  expect(out).toMatch(/│ exact g\.chat\.example .* │ withdrawn │ shared with mail +│/)
})
