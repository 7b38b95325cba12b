import { InvalidArgumentError } from 'commander'
import { type Day, formatDay } from '../base/time.ts'

/** The day that an option gives as YYYY-MM-DD, in UTC; throws what commander tells as wrong usage. */
export function parseDay(text: string): Day {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('a day is written YYYY-MM-DD.')
  const day = time / 86_400_000
  // The 31st of February would be taken for one in March.
  if (formatDay(day) !== text) throw new InvalidArgumentError('there is no such day.')
  return day
}
