import { formatAddress } from '../../../src/base/address.ts'
import { formatMicros } from '../../../src/base/time.ts'
import type { LogMark } from '../../../src/model/mark.ts'

/** A mark as expected files of samples hold it: keys in this order, absent where unknown. */
export function markRecord(mark: LogMark, input: string): Record<string, unknown> {
  const record: Record<string, unknown> = { time: formatMicros(mark.time), mark: mark.kind, event: mark.event }
  if (mark.hasOuter) record.outer = formatAddress(mark.addresses, 0)
  if (mark.hasInner) record.inner = formatAddress(mark.addresses, 4)
  if (mark.user !== '') record.user = mark.user
  if (mark.device !== '') record.device = mark.device
  if (mark.gateway !== '') record.gateway = mark.gateway
  if (mark.protocol !== '') record.protocol = mark.protocol
  if (mark.since >= 0) record.since = formatMicros(mark.since)
  if (mark.until >= 0) record.until = formatMicros(mark.until)
  return { ...record, input, line: mark.position }
}
