import { domainToASCII } from 'node:url'
import { formatAddress, parseAddress } from '../../base/address.ts'
import { OffchannelError } from '../../base/errors.ts'
import { harmless } from '../../base/text.ts'
import { hostNameFault } from '../../classify/host-name.ts'
import { PROTOCOLS } from '../../model/observation.ts'

/** What somebody asks about. */
export type Thing =
  | { readonly kind: 'name' | 'ja4' | 'protocol'; readonly text: string }
  | { readonly kind: 'address'; readonly text: string; readonly words: Uint32Array }
  /** `host` is a name or an address. */
  | { readonly kind: 'url'; readonly text: string; readonly host: Thing }
  | { readonly kind: 'bytes'; readonly text: string; readonly bytes: Uint8Array }

/** https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md: the hashed form. */
const JA4 = /^[tqd](?:1[0-3]|s[23]|d[123]|00)[di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/

/** Hexadecimal digits in pairs, which spaces, colons or line ends may part, as packet tools print them. */
const HEX = /^(?:0x)?(?:[0-9a-f]{2}[\s:]*)+$/i

/** Few bytes would be told from a word by chance: shorter ones need the prefix 0x. */
const SHORTEST_HEX = 8

/** The payload of the largest packet. */
const LONGEST_HEX = 65_535

/** Says what a text is that somebody asks about; throws `usage` where it is nothing that can be looked up. */
export function thingOf(text: string): Thing {
  const lower = text.toLowerCase()
  if (JA4.test(lower)) return { kind: 'ja4', text: lower }
  if (PROTOCOLS.some((known) => known === lower)) return { kind: 'protocol', text: lower }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'url', text, host: hostOf(text) }
  return addressOf(text) ?? bytesOf(text) ?? nameOf(text)
}

function hostOf(text: string): Thing {
  const host = URL.canParse(text) ? new URL(text).hostname : ''
  if (host === '') throw new OffchannelError('usage', harmless(`"${text}" is a URL without a host`))
  return addressOf(host.replace(/^\[|\]$/g, '')) ?? nameOf(host)
}

function addressOf(text: string): Thing | undefined {
  const words = new Uint32Array(4)
  return parseAddress(text.toLowerCase(), words, 0)
    ? { kind: 'address', text: formatAddress(words, 0), words }
    : undefined
}

function bytesOf(text: string): Thing | undefined {
  if (text.length > 4 * LONGEST_HEX || !HEX.test(text)) return undefined
  const digits = text.replace(/^0x/i, '').replace(/[\s:]/g, '')
  if (digits.length < SHORTEST_HEX && !/^0x/i.test(text)) return undefined
  return { kind: 'bytes', text: digits.toLowerCase(), bytes: Buffer.from(digits, 'hex') }
}

/** People write names in their own script, in capitals and with the dot of the root. */
function nameOf(text: string): Thing {
  const ascii = /[^\x00-\x7f]/.test(text) ? domainToASCII(text) || text : text
  const name = ascii.toLowerCase().replace(/\.$/, '')
  const fault = hostNameFault(name)
  if (fault) throw new OffchannelError('usage', harmless(`"${name}" ${fault}`))
  return { kind: 'name', text: name }
}
