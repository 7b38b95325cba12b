/** Facts held before they are put into the store: memory stays flat whatever the input says. */
export const FLUSH_SIZE = 50_000
