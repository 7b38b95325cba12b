import { InvalidArgumentError, Option } from 'commander'
import type { Micros } from '../base/time.ts'
import { parseDuration } from '../jobs/duration.ts'

/** How long `openStore` waits for another run that has the store. */
export const waitOption = () =>
  new Option('--wait <time>', 'how long to wait for another run that has the store, as 90s or 10m').argParser(
    (text: string): Micros => {
      const wait = parseDuration(text)
      if (wait === undefined) throw new InvalidArgumentError('write a time such as 90s, 10m or 1h.')
      return wait
    },
  )
