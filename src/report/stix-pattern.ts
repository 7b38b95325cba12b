import type { Indicator } from '../model/signature.ts'

/** Type and value of the indicator that evidence names: `whatsapp exact g.whatsapp.net`. */
export function partsOf(indicator: string): { readonly type: Indicator['type']; readonly value: string } {
  const [, type, ...value] = indicator.split(' ')
  return { type: type as Indicator['type'], value: value.join(' ') }
}

/** An indicator in the pattern language of STIX 2.1 §9; undefined for what that language has no object for. */
export function stixPattern(indicator: string): string | undefined {
  const { type, value } = partsOf(indicator)
  switch (type) {
    case 'exact':
      return `[domain-name:value = ${quoted(value)}]`
    case 'suffix':
      return `[domain-name:value MATCHES ${quoted(`^(.+\\.)?${literal(value)}$`)}]`
    case 'pattern':
      return `[domain-name:value MATCHES ${quoted(`^${value.split('*').map(literal).join('[^.]+')}$`)}]`
    case 'network':
      return `[${value.includes(':') ? 'ipv6' : 'ipv4'}-addr:value ISSUBSET ${quoted(value)}]`
    default:
      return undefined
  }
}

/** A text that stands for itself in a regular expression. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
