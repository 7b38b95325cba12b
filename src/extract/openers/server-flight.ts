import { Certificate } from '../certificate.ts'
import { readCertificate } from '../server-certificate.ts'
import { ServerFlight } from '../server-flight.ts'
import type { Named, Opener, OpenerState } from './opener.ts'

/** What a TLS server answers on any port, where that shows its certificate: `tls-certificate`. */
export class ServerFlightOpener implements Opener {
  readonly #flight = new ServerFlight()
  readonly #certificate = new Certificate()
  readonly awaits = false
  readonly first = [21, 22]
  readonly second = [3]
  next = 0
  needed = 0

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    this.next = end
    const state = this.#flight.find(bytes, start, end)
    this.needed = end - start + this.#flight.missing
    return state
  }

  read(whole: boolean, into: Named): void {
    const flight = this.#flight
    if (!whole && !flight.takeRest()) return
    readCertificate(this.#certificate, flight.bytes, flight.start, flight.end, whole, into)
  }
}
