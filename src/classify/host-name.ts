import { domainToASCII } from 'node:url'

/** The longest text of a host name: 255 bytes on the wire (RFC 1035 §2.3.4) without the root label. */
export const HOST_NAME_LIMIT = 253

/** Letters, digits and hyphens (RFC 1123 §2.1), and underscores, which service names carry (RFC 8552). */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** A top-level domain that is one app's own (RFC 7686), so that a name of one label is not too broad. */
const OWN_TOP_LEVEL_DOMAIN = 'onion'

/** What keeps a text from being a host name as signatures write it, in words and with the remedy; '' for nothing. */
export function hostNameFault(text: string): string {
  const spelling = spellingFault(text)
  if (spelling) return spelling
  const labels = text.split('.')
  const bad = labels.find((label) => !LABEL.test(label))
  if (bad !== undefined)
    return `holds "${bad}", which is no label of a host name: use letters, digits, hyphens and underscores`
  if (isNumber(labels.at(-1)!)) return 'is an address: only names can be matched'
  if (labels.length < 2 && text !== OWN_TOP_LEVEL_DOMAIN) return 'is a single label: name at least two'
  return ''
}

/** The same for a pattern: a host name in whose left labels `*` stands for one or more characters. */
export function patternFault(text: string): string {
  const spelling = spellingFault(text)
  if (spelling) return spelling
  if (!text.includes('*')) return 'holds no "*": use the type exact or suffix'
  if (text.includes('**')) return 'holds "**": one "*" already stands for any number of characters'
  const labels = text.split('.')
  if (labels.slice(-2).some((label) => label.includes('*')) || labels.length < 3) {
    return 'is too broad: the last two labels must be written out'
  }
  return hostNameFault(text.replaceAll('*', 'x'))
}

function spellingFault(text: string): string {
  if (/[^\x00-\x7f]/.test(text)) {
    const ascii = domainToASCII(text)
    return ascii ? `is not in punycode: write "${ascii}"` : 'is not in punycode (RFC 3492)'
  }
  if (text !== text.toLowerCase()) return `is not in lower case: write "${text.toLowerCase()}"`
  if (text.endsWith('.')) return 'ends in a dot: leave it out'
  if (text.length > HOST_NAME_LIMIT) return `is longer than ${HOST_NAME_LIMIT} characters`
  return ''
}

function isNumber(label: string): boolean {
  return /^[0-9]+$/.test(label)
}
