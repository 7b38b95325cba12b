/** Minutes east of UTC. RFC 5322 §4.3 has those of America; of all others only those that mean one zone are here. */
const OFFSETS: Readonly<Record<string, number>> = {
  ...{ UTC: 0, GMT: 0, EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420 },
  ...{ WET: 0, WEST: 60, CET: 60, CEST: 120, MET: 60, MEST: 120, EET: 120, EEST: 180, MSK: 180 },
  ...{ AKST: -540, AKDT: -480, HST: -600, SAST: 120, JST: 540, KST: 540, AEST: 600, AEDT: 660, NZST: 720, NZDT: 780 },
}
const LONGEST = Math.max(...Object.keys(OFFSETS).map(({ length }) => length))

/** How far east of UTC a zone is that is named by its letters (`UTC`, `CEST`), in minutes; NaN for any other text. */
export function zoneOffset(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 3 || end - start > LONGEST) return Number.NaN
  let name = ''
  for (let at = start; at < end; at++) name += String.fromCharCode(bytes[at]!)
  return Object.hasOwn(OFFSETS, name) ? OFFSETS[name]! : Number.NaN
}
