import { grouped } from '../base/text.ts'
import type { OutputStatus } from '../jobs/status.ts'
import type { Cell } from '../report/table.ts'

/** The columns of a table of receivers. */
export const OUTPUT_COLUMNS = ['output', 'waiting', 'delivered', 'given up', 'last delivery (UTC)', 'last error']

/** The row of one. */
export function outputRow({ name, waiting, delivered, dead, lastDelivery, error }: OutputStatus): Cell[] {
  const last = lastDelivery?.slice(0, 16).replace('T', ' ') ?? 'never'
  return [[name], [grouped(waiting)], [grouped(delivered)], [grouped(dead)], [last], [error ?? '']]
}
