import { isIPv4, parseAddress } from '../base/address.ts'

/** An address of this machine, and a port. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/**
 * `127.0.0.1:9464` or `[::1]:9464`; a text that says what is wrong where it is something else, or where others than this
 * machine could ask there.
 *
 * @param exposed whether they may.
 */
export function listenAddress(text: string, exposed: boolean): ListenAddress | string {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text)
  const host = parts?.[1] ?? parts?.[2] ?? ''
  const port = Number(parts?.[3])
  const words = new Uint32Array(4)
  if (!parseAddress(host, words, 0) || !(port >= 1 && port <= 65_535)) {
    return `${JSON.stringify(text)} is no address with a port: write one like 127.0.0.1:9464 or [::1]:9464`
  }
  const isLoopback = isIPv4(words, 0) ? words[3]! >>> 24 === 127 : host === '::1'
  if (isLoopback || exposed) return { host, port }
  return `${JSON.stringify(text)} can be asked by others: write 127.0.0.1:${port}, or set metrics-exposed where they may`
}
