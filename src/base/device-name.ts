import { canonicalUser } from './user-name.ts'

/** Six octets as `aa:bb:cc:dd:ee:ff`, `AA-BB-CC-DD-EE-FF` (RFC 3580 §3.20), `aabb.ccdd.eeff` or without separators. */
const HARDWARE_ADDRESS =
  /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12})$/

/**
 * One spelling for one device: hardware addresses as `aa:bb:cc:dd:ee:ff` whatever stands between their octets, other
 * names as users' are. '' for nobody, as there.
 */
export function canonicalDevice(text: string): string {
  const name = canonicalUser(text)
  if (!HARDWARE_ADDRESS.test(name)) return name
  return name.replace(/[:.-]/g, '').replace(/(..)(?=.)/g, '$1:')
}
