import { InvalidArgumentError, Option } from 'commander'

const DEFAULT_DAYS = 365

/** After how many days without being verified an indicator is stale: `365` or `365d`. */
export const staleAfterOption = () =>
  new Option('--stale-after <days>', 'warn of indicators that nobody verified for so many days')
    .argParser((text) => {
      const days = /^(\d{1,5})d?$/.exec(text)?.[1]
      if (days === undefined) throw new InvalidArgumentError('write a number of days, as 365 or 365d')
      return Number(days)
    })
    .default(DEFAULT_DAYS)
