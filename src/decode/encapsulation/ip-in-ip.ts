import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethertype.ts'

/** IPv4 within IP (RFC 2003), without a header of its own. */
export function ipv4InIp(): number {
  return ETHERTYPE_IPV4
}

/** IPv6 within IP (RFC 4213 §3, RFC 2473), without a header of its own. */
export function ipv6InIp(): number {
  return ETHERTYPE_IPV6
}
