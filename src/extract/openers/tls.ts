import { readHello } from '../hello.ts'
import { ClientHello } from '../tls.ts'
import type { Named, Opener, OpenerState } from './opener.ts'

/** TLS on any port: `tls-sni`. Nothing that is encrypted behind a ClientHello is looked at. */
export class TlsOpener implements Opener {
  readonly #hello = new ClientHello()
  readonly awaits = false
  readonly first = [22]
  readonly second = [3]
  next = 0
  needed = 0

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    this.next = end
    const state = this.#hello.find(bytes, start, end)
    this.needed = end - start + this.#hello.missing
    return state
  }

  read(whole: boolean, into: Named): void {
    readHello(this.#hello, 'tls-sni', whole, into)
  }
}
