import { formatAddress } from '../base/address.ts'
import { harmless } from '../base/text.ts'
import { formatMicros } from '../base/time.ts'
import type { Observation } from '../model/observation.ts'

/**
 * An observation as `inspect` prints it, one JSON object a line: keys always in this order, absent where unknown.
 * `client`, `server` and `addresses` as RFC 5952 writes them, times as RFC 3339 in UTC, `timeToLive` in seconds;
 * `frame` or `line` is where it was complete, `firstFrame` or `firstLine` where it began.
 */
export function observationRecord(o: Observation, input: string, unit: 'frame' | 'line'): Record<string, unknown> {
  const record: Record<string, unknown> = { time: formatMicros(o.time), means: o.means }
  if (o.name !== '') record.name = o.name
  if (o.hasClient) record.client = formatAddress(o.addresses, 0)
  if (o.clientPort > 0) record.clientPort = o.clientPort
  if (o.hasServer) record.server = formatAddress(o.addresses, 4)
  if (o.serverPort > 0) record.serverPort = o.serverPort
  if (o.transport !== '') record.transport = o.transport
  if (o.user !== '') record.user = harmless(o.user)
  if (o.action !== '') record.action = o.action
  if (o.bytesUp >= 0) record.bytesUp = o.bytesUp
  if (o.bytesDown >= 0) record.bytesDown = o.bytesDown
  record.input = input
  record[unit] = o.position
  if (o.end !== o.time) record.end = formatMicros(o.end)
  if (o.firstPosition !== o.position) record[unit === 'frame' ? 'firstFrame' : 'firstLine'] = o.firstPosition
  if (o.device !== '') record.device = harmless(o.device)
  if (o.bytesTotal >= 0) record.bytesTotal = o.bytesTotal
  if (o.hasTranslatedClient) record.translatedClient = formatAddress(o.translated, 0)
  if (o.translatedClientPort > 0) record.translatedClientPort = o.translatedClientPort
  if (o.hasTranslatedServer) record.translatedServer = formatAddress(o.translated, 4)
  if (o.translatedServerPort > 0) record.translatedServerPort = o.translatedServerPort
  if (o.application !== '') record.application = harmless(o.application)
  if (o.answerCount > 0) {
    record.addresses = Array.from({ length: o.answerCount }, (_, i) => formatAddress(o.answerAddresses, 4 * i))
  }
  if (o.timeToLive >= 0) record.timeToLive = o.timeToLive
  if (o.aliases.length > 0) record.aliases = o.aliases
  if (o.issuer !== '') record.issuer = harmless(o.issuer)
  if (o.protocol !== '') record.protocol = o.protocol
  if (o.certainty !== '') record.certainty = o.certainty
  if (o.realm !== '') record.realm = o.realm
  if (o.software !== '') record.software = o.software
  if (o.stunAttributes.length > 0) record.stunAttributes = o.stunAttributes
  if (o.encryptedHello) record.encryptedHello = true
  if (o.coverName) record.coverName = true
  if (o.hello !== undefined) {
    if (o.hello.alpn.length > 0) record.alpn = o.hello.alpn
    record.ja4 = o.hello.ja4
  }
  return record
}
