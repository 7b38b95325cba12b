import { nameFromBytes } from '../../base/name.ts'
import type { Oddities } from '../../base/oddities.ts'
import { Observation } from '../../model/observation.ts'
import { Authority, percentDecoded, schemePort } from './authority.ts'
import { Interned } from './interned.ts'
import { fieldBegins, fieldIs, HOST_LIMIT, readAddress, readUnsigned } from './values.ts'

const SLASH = 0x2f
const COLON = 0x3a
const DEVICE = /^[a-z0-9_][a-z0-9._-]*$/

/** What a field said: it was understood, there is nothing in it for us, or it is no such field. */
type Understood = 'ok' | 'skip' | 'bad'

/**
 * The one observation of a Squid access log and the fields that its formats share. Each method reads one field into it
 * (https://www.squid-cache.org/Doc/config/logformat/); `observation.reset()` comes first.
 */
export class SquidRecord {
  readonly observation = new Observation()
  readonly #oddities: Oddities
  readonly #names = new Interned(nameFromBytes)
  readonly #users = new Interned(readUser)
  readonly #target = new Authority()

  constructor(oddities: Oddities) {
    this.#oddities = oddities
  }

  /** `%>a`, or the client's name where Squid was told to look it up. `-` stands for Squid's own requests. */
  client(bytes: Uint8Array, start: number, end: number): Understood {
    const observation = this.observation
    observation.hasClient = readAddress(bytes, start, end, observation.addresses, 0)
    if (observation.hasClient) return 'ok'
    if (fieldIs(bytes, start, end, '-')) return 'skip'
    if (end - start > HOST_LIMIT) return 'bad'
    const name = this.#names.get(bytes, start, end)
    if (!DEVICE.test(name)) return 'bad'
    observation.device = name
    return 'ok'
  }

  /** `%Ss`, the request status. UDP_ ones are a neighbouring cache's questions, not a client's doings. */
  status(bytes: Uint8Array, start: number, end: number): Understood {
    const first = bytes[start]!
    if (start === end || first < 0x41 || first > 0x5a) return 'bad'
    if (fieldBegins(bytes, start, end, 'UDP_')) return 'skip'
    this.observation.action = fieldBegins(bytes, start, end, 'TCP_DENIED') ? 'blocked' : 'allowed'
    return 'ok'
  }

  /** `%<st`, the size of the reply with its headers. */
  replySize(bytes: Uint8Array, start: number, end: number): Understood {
    const size = readUnsigned(bytes, start, end)
    if (size < 0 && !fieldIs(bytes, start, end, '-')) return 'bad'
    this.observation.bytesDown = size
    return 'ok'
  }

  /** `%un`: URL-encoded by Squid, `-` for nobody. */
  user(bytes: Uint8Array, start: number, end: number): void {
    this.observation.user = this.#users.get(bytes, start, end)
  }

  /**
   * `%rm` and `%ru`: of a URL its host and port, nothing else is looked at. `error:…` stands where there was no URL.
   */
  target(bytes: Uint8Array, methodStart: number, methodEnd: number, start: number, end: number): Understood {
    const observation = this.observation
    observation.transport = 'tcp'
    if (fieldIs(bytes, methodStart, methodEnd, 'CONNECT')) {
      observation.means = 'http-connect'
      return this.#authority(bytes, start, end, 0)
    }
    observation.means = 'http-url'
    let from = start
    while (from < end && bytes[from] !== COLON && bytes[from] !== SLASH) from++
    if (!fieldBegins(bytes, from, end, '://')) {
      this.#oddities.count('url_without_host')
      return 'skip'
    }
    const port = schemePort(bytes, start, from)
    from += 3
    let to = from
    while (to < end && bytes[to] !== SLASH && bytes[to] !== 0x3f && bytes[to] !== 0x23) to++
    return this.#authority(bytes, from, to, port)
  }

  /** `%Sh/%<a`, how the request was passed on and to whom: only what went straight out tells the server's address. */
  hierarchy(bytes: Uint8Array, start: number, end: number): Understood {
    let slash = start
    while (slash < end && bytes[slash] !== SLASH) slash++
    if (slash === start || slash === end) return 'bad'
    const direct = fieldEnds(bytes, start, slash, 'DIRECT') || fieldEnds(bytes, start, slash, 'ORIGINAL_DST')
    if (direct && !this.observation.hasServer) this.#server(bytes, slash + 1, end)
    return 'ok'
  }

  #authority(bytes: Uint8Array, start: number, end: number, fallback: number): Understood {
    const target = this.#target
    if (!target.read(bytes, start, end, fallback)) return 'bad'
    this.observation.serverPort = target.port
    const { hostStart, hostEnd } = target
    if (this.#server(bytes, hostStart, hostEnd)) return 'ok'
    this.observation.name = this.#names.get(bytes, hostStart, hostEnd)
    if (this.observation.name !== '') return 'ok'
    this.#oddities.count('url_without_host')
    return 'skip'
  }

  #server(bytes: Uint8Array, start: number, end: number): boolean {
    this.observation.hasServer = readAddress(bytes, start, end, this.observation.addresses, 4)
    return this.observation.hasServer
  }
}

function fieldEnds(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  return end - start >= text.length && fieldIs(bytes, end - text.length, end, text)
}

function readUser(bytes: Uint8Array, start: number, end: number): string {
  return fieldIs(bytes, start, end, '-') ? '' : percentDecoded(bytes, start, end)
}
