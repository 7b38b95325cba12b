import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { folder, inputs } from './corpora.ts'
import { byEnds, ours, type SeenTunnel, tsharks } from './tunnels.ts'

/** What this program finds where tshark shows no tunnel, and how it is known to be one. */
const BEYOND_TSHARK: readonly (readonly [capture: string, tunnel: RegExp, why: string])[] = [
  ['anyconnect-vpn.pcap', /^anyconnect-dtls/, 'tshark has no AnyConnect; nDPI calls the flow CiscoVPN'],
  ['emix.pcap', /^anyconnect-dtls/, 'tshark has no AnyConnect; the greeting is DTLS 1.0 before its standard'],
  ['dtls_old_version.pcapng', /^anyconnect-dtls/, 'the greeting is DTLS 1.0 before its standard'],
  ['dtls_session_id_and_coockie_both.pcap', /^anyconnect-dtls/, 'a session resumed with a cookie, as AnyConnect does'],
  ['openvpn.pcap', /^openvpn/, 'on other ports, by which tshark knows OpenVPN; nDPI calls these flows OpenVPN'],
]

/** What tshark shows several packets of, and why that is no tunnel that could be found. */
const NOT_FOUND: readonly (readonly [capture: string, tunnel: RegExp, why: string])[] = [
  ['ike-cert_synthetic.pcap', /10\.55\.0\.1/, 'two made-up packets of different associations, none after another'],
  ['ipv6_zero_len_ah.pcap', /^ipsec/, 'an authentication header without a length, and the answer that refuses it'],
]

/** Names of captures that tshark is asked about even where nothing was found: to ask about all takes half an hour. */
const MAY_HOLD =
  /vpn|wireguard|ike|ipsec|isakmp|l2tp|pptp|esp|sstp|forti|protect|anyconnect|ah|gre|tunnel|emix|synthetic/i

const hasTshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(folder === undefined || !hasTshark)('on captures of others', () => {
  test('tunnels are found between the addresses and in the minutes in which tshark shows them, and no others', {
    timeout: 600_000,
  }, async () => {
    const rows: string[] = []
    const wrong: string[] = []
    let without = 0
    for (const path of inputs('capture')) {
      const own = byEnds(await ours(path))
      const name = path.split('/').at(-1)!
      if (own.size === 0 && !MAY_HOLD.test(name)) {
        without++
        continue
      }
      const theirs = byEnds(await tsharks(path))
      for (const key of new Set([...own.keys(), ...theirs.keys()])) {
        const [said, isWrong] = compare(name, key, own.get(key), theirs.get(key))
        rows.push(`  ${name}: ${key}: ${said}`)
        if (isWrong) wrong.push(rows.at(-1)!)
      }
      if (own.size + theirs.size === 0) without++
    }
    console.info([...rows, `  ${without} captures without a tunnel`].join('\n'))
    expect(wrong).toEqual([])
    expect(rows.length).toBeGreaterThan(0)
  })
})

function compare(
  capture: string,
  key: string,
  own: SeenTunnel | undefined,
  theirs: SeenTunnel | undefined,
): readonly [said: string, isWrong: boolean] {
  if (own === undefined) {
    const { count, damaged } = theirs!
    if (damaged) return ['not found: all of its packets are damaged or cut', false]
    if (count === 1) return ['not found: a single packet', false]
    const known = NOT_FOUND.find(([file, tunnel]) => file === capture && tunnel.test(key))
    return known === undefined ? [`not found, of ${count} packets`, true] : [`not found: ${known[2]}`, false]
  }
  if (theirs === undefined) {
    const known = BEYOND_TSHARK.find(([file, tunnel]) => file === capture && tunnel.test(key))
    return known === undefined ? ['found, and tshark has none', true] : [`found beyond tshark: ${known[2]}`, false]
  }
  const minutes = [own.first - theirs.first, own.last - theirs.last]
  if (minutes.some((off) => off !== 0)) return [`first and last minute are off by ${minutes.join(' and ')}`, true]
  return ['the same', false]
}
