import type { Day } from '../base/time.ts'
import type { AnswerPlace, Custody, MissingPiece, PieceRole, TunnelPlace } from '../model/evidence-piece.ts'
import type { Finding } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import type { StoredReading } from '../model/reading.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import type { Kept, Locker } from '../store/locker.ts'
import { counts } from '../store/readings.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { NetworkMap } from '../subjects/network-map.ts'
import { RotatingClients } from '../subjects/rotating-clients.ts'
import type { Cut, Wanted, WantedAnswer, WantedOfInput, WantedTunnel } from './cut.ts'
import { cutReading, workOf } from './cut-reading.ts'
import type { Landmarks } from './landmarks.ts'
import type { ReadAs } from './settings.ts'
import { answerKey, BYTES_LIMIT, placeKey, restsOnTunnel, tunnelKey, wantedOf } from './wanted.ts'

/** What evidence is gathered with. */
export interface GatherOptions extends Partial<ReadAs> {
  readonly store: StoreReader
  readonly locker: Locker
  readonly policy: Policy
  /** Of the store. */
  readonly key: Uint8Array
  /** The site that the policy declares for an input. */
  readonly siteOf: (input: string) => string
  readonly readAs?: ((input: string) => ReadAs | undefined) | undefined
  /** Compare files with what was read by every byte, where that is known, and not by length and sample. */
  readonly whole: boolean
  /** What is kept in mind of inputs that were just read. */
  readonly landmarks?: Landmarks | undefined
  /** Look again for what was not to be had before. */
  readonly retry: boolean
  /** Told of an input how much was done of its bytes; those of all are the same until all are done. */
  readonly progress?: ((input: string, done: number, sizes: ReadonlyMap<string, number>) => void) | undefined
  readonly takenAt: number
  readonly version: string
}

/** Something that was found, or was not, for a place of a finding. */
export interface Found {
  readonly finding: string
  readonly place: string
  readonly kept: Kept
}

/** What became of the evidence of one finding. */
export interface Gathered {
  readonly id: string
  readonly revision: number
  /** Places, frames and lines that were more than the limit of a finding. */
  readonly leftOut: number
}

/** Found pieces that are handed on together, and bytes of them. */
const TOGETHER = 2000
const BYTES_TOGETHER = 4 << 20

/**
 * Cuts what these findings cite, and the locker does not hold, from the inputs that are still at hand, each input in one
 * pass. What cannot be had is told as missing.
 */
export async function gather(
  findings: Iterable<Finding>,
  options: GatherOptions,
  keep: (found: readonly Found[]) => void,
): Promise<readonly Gathered[]> {
  const { locker, policy } = options
  const revisions = new Map<string, number>()
  const leftOut = new Map<string, number>()
  const room = new Map<string, number>()
  let found: Found[] = []
  let bytes = 0
  const put = (one: Found) => {
    if (one.kept.kind === 'piece') bytes += one.kept.piece.bytes.length
    if (found.push(one) >= TOGETHER || bytes >= BYTES_TOGETHER) flush()
  }
  const flush = () => {
    if (found.length > 0) keep(found)
    found = []
    bytes = 0
  }
  const requests = new Requests(options.store.readings().filter(counts), (finding, place, missing) =>
    put({ finding, place, kept: { kind: 'missing', missing } }),
  )
  for (const finding of findings) {
    revisions.set(finding.id, finding.revision)
    const held = locker.places(finding.id, !options.retry)
    const answers = finding.verdicts.flatMap(({ evidence }) => evidence.flatMap((one) => locker.answersBehind(one)))
    const once = [...new Map(answers.map((answer) => [answerKey(answer), answer])).values()]
    const outside = finding.verdicts.filter(restsOnTunnel).flatMap(({ evidence }) => evidence)
    const tunnels = outside.flatMap((one) => locker.tunnelsBehind(one))
    const up = [...new Map(tunnels.map((tunnel) => [tunnelKey(tunnel), tunnel])).values()]
    const wanted = wantedOf(finding, once, up, held.places)
    leftOut.set(finding.id, wanted.leftOut)
    room.set(finding.id, BYTES_LIMIT - held.bytes)
    for (const { input, unit, position, role } of wanted.places) {
      requests.place(finding, input, unit, position, role)
    }
    for (const answer of wanted.answers) requests.answer(finding, answer)
    for (const tunnel of wanted.tunnels) requests.tunnel(finding, tunnel)
  }
  const settings = {
    networks: new NetworkMap(policy),
    clients: new RotatingClients(options.key, false, options.store.rotation),
  }
  const sizes = new Map([...requests.byReading.keys()].map((one) => [one.input, workOf(one, options.whole)]))
  for (const [reading, wanted] of requests.byReading) {
    const custody: Omit<Custody, 'compared'> = {
      ...{ input: reading.input, kind: reading.kind, format: reading.format, site: options.siteOf(reading.input) },
      ...{ content: reading.content, fileSha256: reading.fileSha256, clockTolerance: policy.clockTolerance },
      ...{ takenAt: options.takenAt, version: options.version },
    }
    const take = (cut: Cut, one: Wanted, compared: Custody['compared']) => {
      const piece = { ...cut, custody: { ...custody, compared } }
      for (const id of one.findings) {
        const left = room.get(id)! - cut.bytes.length
        if (left < 0) leftOut.set(id, leftOut.get(id)! + 1)
        else {
          room.set(id, left)
          put({ finding: id, place: keyOf(reading.input, cut, one), kept: { kind: 'piece', piece } })
        }
      }
    }
    const progress = (done: number) => options.progress?.(reading.input, done, sizes)
    const reason = await cutReading(reading, wanted, { ...options, ...settings, progress }, take)
    requests.tellMissing(reading, wanted, reason ?? 'it is not in the file as it is now')
  }
  flush()
  return Array.from(revisions, ([id, revision]) => ({ id, revision, leftOut: leftOut.get(id)! }))
}

function keyOf(input: string, { position, role }: Cut, wanted: Wanted): string {
  if (role === 'part') return `part ${placeKey({ input, position })}`
  const { start, address } = wanted as Partial<WantedAnswer>
  if (role === 'answer') return answerKey({ input, start: start!, address: address!, client: '' })
  const { client, minute } = wanted as Partial<WantedTunnel>
  if (role === 'tunnel') return tunnelKey({ input, client: client!, minute: minute! })
  return placeKey({ input, position })
}

/** Evidence that is wanted, by the reading that it is of. */
class Requests {
  readonly byReading = new Map<StoredReading, WantedOfInput>()
  readonly #readings: Map<string, StoredReading[]>
  readonly #missing: (finding: string, place: string, missing: MissingPiece) => void

  constructor(readings: readonly StoredReading[], missing: Requests['tell']) {
    this.#readings = Map.groupBy(readings, ({ input }) => input)
    this.#missing = missing
  }

  place(finding: Finding, input: string, unit: 'frame' | 'line', position: number, role: PieceRole): void {
    const wanted = this.#wantedOf(finding.day, input)
    if (typeof wanted === 'string') {
      this.tell(finding.id, placeKey({ input, position }), { input, unit, position, role, reason: wanted })
      return
    }
    const one = wanted.positions.get(position)
    if (one !== undefined) one.findings.add(finding.id)
    else wanted.positions.set(position, { role, findings: new Set([finding.id]) })
  }

  answer(finding: Finding, answer: AnswerPlace): void {
    const { input, start } = answer
    const wanted = this.#wantedOf(finding.day, input)
    if (typeof wanted === 'string') {
      const missing = { input, unit: 'line', position: 0, role: 'answer', reason: wanted } as const
      this.tell(finding.id, answerKey(answer), missing)
      return
    }
    const list = wanted.answers.get(start) ?? []
    const known = list.find((one) => one.client === answer.client && one.address === answer.address)
    if (known !== undefined) known.findings.add(finding.id)
    else list.push({ role: 'answer', findings: new Set([finding.id]), ...answer })
    wanted.answers.set(start, list)
  }

  tunnel(finding: Finding, tunnel: TunnelPlace): void {
    const { input, client, minute } = tunnel
    const wanted = this.#wantedOf(finding.day, input)
    if (typeof wanted === 'string') {
      this.tell(finding.id, tunnelKey(tunnel), { input, unit: 'frame', position: 0, role: 'tunnel', reason: wanted })
      return
    }
    const list = wanted.tunnels.get(minute) ?? []
    const known = list.find((one) => one.client === client)
    if (known !== undefined) known.findings.add(finding.id)
    else list.push({ role: 'tunnel', findings: new Set([finding.id]), client, minute })
    wanted.tunnels.set(minute, list)
  }

  /** What stayed in `wanted` was not found. */
  tellMissing({ input, kind }: StoredReading, { positions, answers, tunnels }: WantedOfInput, reason: string): void {
    const unit = kind === 'capture' ? 'frame' : 'line'
    for (const [position, { role, findings }] of positions) {
      const missing = { input, unit, position, role, reason } as const
      for (const id of findings) this.tell(id, placeKey({ input, position }), missing)
    }
    for (const answer of [...answers.values()].flat()) {
      const missing = { input, unit, position: 0, role: 'answer', reason } as const
      for (const id of answer.findings) this.tell(id, answerKey({ ...answer, input }), missing)
    }
    for (const tunnel of [...tunnels.values()].flat()) {
      const missing = { input, unit, position: 0, role: 'tunnel', reason } as const
      for (const id of tunnel.findings) this.tell(id, tunnelKey({ ...tunnel, input }), missing)
    }
  }

  tell(finding: string, place: string, missing: MissingPiece): void {
    this.#missing(finding, place, missing)
  }

  /** Why there is none, or what is wanted of the reading that was made of this input on this day. */
  #wantedOf(day: Day, input: string): WantedOfInput | string {
    if (input === STANDARD_INPUT) return 'it came on standard input, which cannot be read again'
    const named = this.#readings.get(input) ?? []
    const ofDay = named.filter(({ firstDay, lastDay }) => (firstDay ?? 0) <= day && day <= (lastDay ?? -1))
    const readings = named.length > 1 ? ofDay : named
    if (readings.length !== 1) {
      return readings.length === 0
        ? 'no input of this name is in the store any more'
        : 'several contents were read under this name, and which of them is meant is not known'
    }
    const wanted = this.byReading.get(readings[0]!) ?? { positions: new Map(), answers: new Map(), tunnels: new Map() }
    this.byReading.set(readings[0]!, wanted)
    return wanted
  }
}
