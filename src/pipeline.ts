import { Facts, type Party } from './aggregate/facts.ts'
import type { Chunks } from './base/chunks.ts'
import { messageOf } from './base/errors.ts'
import { quarterOf } from './base/time.ts'
import type { Classifier } from './classify/classifier.ts'
import type { EarlierAnswers } from './classify/earlier-answers.ts'
import { type ClientName, Matcher } from './classify/matcher.ts'
import { Decoder } from './decode/decode.ts'
import { Extractor } from './extract/extract.ts'
import type { WantedServer } from './extract/flow-ends.ts'
import { emptySummary, type InputSink, type InputSummary, type LogOptions } from './input.ts'
import { readLog } from './log-records.ts'
import { SESSION_DAYS } from './model/facts.ts'
import type { LogMark } from './model/mark.ts'
import type { Observation } from './model/observation.ts'
import { Packet } from './model/packet.ts'
import type { PolicyNetwork } from './model/policy.ts'
import type { CaptureFormat, Format } from './model/reader.ts'
import type { Client } from './model/sighting.ts'
import type { Clients } from './subjects/clients.ts'
import type { NetworkMap } from './subjects/network-map.ts'
import type { RotatingClients } from './subjects/rotating-clients.ts'

/** Raised when the same input could give other facts than before. */
export const READER_VERSION = 6

/** read → decode → extract: hands what one input names to the sink, in the order of the input. */
export async function readInput(
  chunks: Chunks,
  format: Format,
  sink: InputSink,
  options: LogOptions = {},
): Promise<InputSummary> {
  const summary = emptySummary()
  if (format.kind === 'capture') await readCapture(chunks, format, sink, summary)
  else await readLog(chunks, format, sink, summary, options)
  if (chunks.failure !== undefined) {
    summary.damage = { reason: 'unreadable', offset: chunks.position, detail: messageOf(chunks.failure) }
  }
  return summary
}

async function readCapture(
  chunks: Chunks,
  format: CaptureFormat,
  sink: InputSink,
  summary: InputSummary,
): Promise<void> {
  const { oddities } = summary
  const reader = format.open(chunks, oddities)
  const extractor = new Extractor(oddities, sink.observe, sink.isWanted)
  const decoder = new Decoder(oddities, {
    addresses: sink.packet,
    tunnel: (packet, protocol) => extractor.tunnel(packet, protocol),
  })
  const packet = new Packet()
  do {
    while (reader.next(packet)) {
      summary.records++
      if (decoder.decode(packet)) extractor.packet(packet)
      while (packet.rest > 0) if (decoder.decodeRest(packet)) extractor.packet(packet)
    }
    if (sink.pause !== undefined && (await sink.pause())) break
  } while (await reader.more())
  decoder.finish()
  extractor.finish()
  summary.damage = reader.damage
}

/** What an input is read with. */
export interface ReadingSettings {
  readonly classifier: Classifier
  readonly networks: NetworkMap
  readonly clients: RotatingClients
  /** Where the input was taken: private addresses repeat from site to site. '' where the policy does not say. */
  readonly site: string
  /** It is read in order and whole: what its own DNS tells counts for its flows. */
  readonly isCapture: boolean
  /** What clients were told by DNS in inputs that were read before. */
  readonly answers?: EarlierAnswers | undefined
}

/** Of what a log calls the server of a tunnel or lease, and what it speaks: longer texts are cut. */
const SERVER_NAME_LIMIT = 255
const PROTOCOL_LIMIT = 32

/** classify → subjects → aggregate: what becomes of the observations of one input. */
export class FactSink implements InputSink {
  readonly facts = new Facts()
  readonly packet: ((packet: Packet) => void) | undefined
  readonly #settings: ReadingSettings
  readonly #matcher: Matcher
  /** Observations that matched a signature. */
  matched = 0
  /** When the last observation was made, whether it matched or not; -1 before the first. */
  lastTime = -1

  constructor(settings: ReadingSettings) {
    this.#settings = settings
    const { classifier, networks, clients, isCapture, answers } = settings
    const nameOf: ClientName = (words, at, time) => {
      const network = networks.networkOf(words, at)
      const beside = clients.across(time, SESSION_DAYS)
      const name = this.#address(clients.at(time), words, at, network).tag
      return beside === undefined ? [name] : [name, this.#address(beside, words, at, network).tag]
    }
    this.#matcher = new Matcher(classifier, nameOf, isCapture, answers)
    this.packet = settings.networks.hasGateways ? (packet) => this.#mark(packet) : undefined
  }

  readonly observe = (observation: Observation): unknown => {
    const { networks } = this.#settings
    this.lastTime = observation.time
    const matches = this.#matcher.match(observation)
    if (matches.length === 0 || this.#isOwnTunnel(observation)) return
    if (networks.isExcluded(observation)) {
      this.facts.coverage('excluded_observations', 1)
      return
    }
    if (observation.certainty === 'indicative') {
      this.facts.coverage('observations_indicative', 1)
      return
    }
    const { clients } = this.#settings
    const party = this.#party(observation, clients.at(observation.time))
    if (party === undefined) {
      this.facts.coverage('observations_without_client', 1)
      return
    }
    if (!observation.continued) this.matched++
    const { until } = clients
    const later = observation.end < until ? undefined : this.#party(observation, clients.at(until))
    const next = later && { from: quarterOf(until), party: later }
    for (const match of matches) {
      this.facts.sighting(observation, match, party, next)
      if (observation.means === 'dns-answer' && party.client.kind === 'address') {
        this.facts.answers(observation, match, party.client)
      }
    }
    return 'follow'
  }

  readonly isWanted: WantedServer = (addresses, client, server, time) =>
    this.#matcher.isWanted(addresses, client, server, time)

  /** The tunnel of the government's own VPN: its packets make marks. */
  #isOwnTunnel({ means, addresses }: Observation): boolean {
    const { networks } = this.#settings
    if (means !== 'vpn') return false
    return networks.gatewayAt(addresses, 4) !== undefined || networks.gatewayAt(addresses, 0) !== undefined
  }

  /**
   * What a log says of a tunnel or lease. That somebody who is left out was given an address is kept as the end of the
   * lease before, and nothing of who it was.
   */
  readonly mark = (mark: LogMark): void => {
    const { networks } = this.#settings
    const { addresses, hasOuter, hasInner } = mark
    this.lastTime = mark.time
    if (
      (hasOuter && networks.isExcludedAddress(addresses, 0)) ||
      (hasInner && networks.isExcludedAddress(addresses, 4))
    ) {
      this.facts.coverage('excluded_log_marks', 1)
      return
    }
    if (mark.kind === 'lease' && !hasInner) {
      this.facts.coverage('leases_without_address', 1)
      return
    }
    const { time, position } = mark
    const clients = this.#settings.clients.at(time)
    const inner = hasInner ? this.#address(clients, addresses, 4, networks.networkOf(addresses, 4)) : undefined
    const nobody = { outer: undefined, user: undefined, device: undefined, gateway: '', protocol: '' }
    if (networks.isExcludedName(mark.user) || networks.isExcludedName(mark.device)) {
      this.facts.coverage('excluded_log_marks', 1)
      if (inner === undefined || mark.event === 'end') return
      this.facts.session({ ...nobody, kind: 'lease', event: 'end', time, since: -1, until: -1, inner, position })
      return
    }
    this.facts.coverage('log_marks', 1)
    this.facts.session({
      kind: mark.kind,
      event: mark.event,
      time,
      since: mark.since,
      until: mark.until,
      outer: hasOuter ? this.#address(clients, addresses, 0, networks.networkOf(addresses, 0)) : undefined,
      inner,
      user: clients.user(mark.user),
      device: clients.device(mark.device),
      gateway: mark.gateway.slice(0, SERVER_NAME_LIMIT),
      protocol: mark.protocol.slice(0, PROTOCOL_LIMIT),
      position,
    })
  }

  #party(observation: Observation, clients: Clients): Party | undefined {
    const { networks } = this.#settings
    const user = clients.user(observation.user)
    if (!observation.hasClient) {
      const client = clients.device(observation.device) ?? user
      return client && { client, user: user === client ? undefined : user, network: '' }
    }
    const network = networks.networkOf(observation.addresses, 0)
    return { client: this.#address(clients, observation.addresses, 0, network), user, network: network?.name ?? '' }
  }

  /** An address where the input was taken, else where its network is. */
  #address(clients: Clients, words: Uint32Array, at: number, network: PolicyNetwork | undefined): Client {
    const { site } = this.#settings
    return clients.address(words, at, site !== '' ? site : (network?.site ?? ''))
  }

  /** A packet to or from a gateway marks the other end's tunnel as alive. */
  #mark(packet: Packet): void {
    const { networks } = this.#settings
    const toGateway = networks.gatewayAt(packet.addresses, 4)
    const gateway = toGateway ?? networks.gatewayAt(packet.addresses, 0)
    if (gateway === undefined) return
    const at = toGateway === undefined ? 4 : 0
    if (networks.isExcludedAddress(packet.addresses, at)) return
    const clients = this.#settings.clients.at(packet.time)
    const client = this.#address(clients, packet.addresses, at, networks.networkOf(packet.addresses, at))
    this.facts.mark(client, gateway, packet.time, packet.frame)
  }
}

/** Adds what the summary of an input tells to the facts: its coverage. */
export function addCoverage(facts: Facts, summary: InputSummary, unit: 'packets' | 'records', bytes: number): void {
  facts.coverage(unit, summary.records)
  facts.coverage('bytes', bytes)
  facts.coverage('records_skipped', summary.skipped)
  for (const [reason, bad] of summary.bad) facts.coverage(`bad_record_${reason}`, bad.count)
  if (summary.changes.length > 0) facts.coverage('log_of_several_formats', 1)
  for (const [name, count] of summary.oddities.entries()) facts.coverage(name, count)
  if (summary.damage !== undefined) facts.coverage(`damage_${summary.damage.reason}`, 1)
}
