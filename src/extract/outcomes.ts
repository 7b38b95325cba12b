import type { Oddities } from '../base/oddities.ts'
import type { Observation } from '../model/observation.ts'
import type { Flow } from './flow.ts'
import {
  CALL,
  COVERED,
  ENCRYPTED_DNS,
  type Flows,
  IDENTIFIED,
  INCOMPLETE,
  NAMED,
  NOT_OPENED,
  TUNNEL,
  WITHOUT_NAME,
} from './flows.ts'

/** Why a flow stays without a name, by what was counted while it was read. */
const REASONS: Readonly<Record<string, number>> = {
  client_hello_without_name: WITHOUT_NAME,
  client_hello_resumed_without_name: WITHOUT_NAME,
  client_hello_encrypted_name: WITHOUT_NAME,
  client_hello_name_too_long: WITHOUT_NAME,
  http_request_without_host: WITHOUT_NAME,
  client_hello_incomplete: INCOMPLETE,
  client_hello_damaged: INCOMPLETE,
  http_header_incomplete: INCOMPLETE,
  http_header_damaged: INCOMPLETE,
  dns_stream_incomplete: INCOMPLETE,
  dns_stream_damaged: INCOMPLETE,
  quic_dropped: INCOMPLETE,
  quic_cut: NOT_OPENED,
  quic_not_decrypted: NOT_OPENED,
  quic_version_unknown: NOT_OPENED,
  gquic_not_read: NOT_OPENED,
}

const ENCRYPTED_DNS_PROTOCOLS = ['dns-over-tls', 'dns-over-quic', 'dnscrypt']

/** Tells flows why they named nothing. */
export class Outcomes {
  readonly #oddities: Oddities
  readonly #flows: Flows

  constructor(oddities: Oddities, flows: Flows) {
    this.#oddities = oddities
    this.#flows = flows
  }

  /** Counts what was odd in a flow. */
  count(oddity: string, flow: Flow, protocol: number): void {
    this.#oddities.count(oddity)
    const reason = REASONS[oddity]
    if (reason !== undefined) this.#flows.noteOf(flow, protocol, reason)
  }
}

/** What an observation makes of its flow. */
export function bitsOf({ means, name, protocol, coverName }: Observation): number {
  if (ENCRYPTED_DNS_PROTOCOLS.includes(protocol)) return ENCRYPTED_DNS
  if (means === 'vpn') return TUNNEL
  if (means === 'call') return CALL
  if (coverName) return COVERED
  return means === 'payload' && name === '' ? IDENTIFIED : NAMED
}
