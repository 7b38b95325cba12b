import { isTime, MICROS_PER_SECOND } from '../../../base/time.ts'
import { Observation, type Transport } from '../../../model/observation.ts'
import type { LogContext, LogFormat, LogSample, LogSink, RecordReader, RecordResult } from '../../../model/reader.ts'
import { JsonFields } from '../fields/json.ts'
import { LIST_SEPARATOR, RecordFields } from '../fields/record-fields.ts'
import { fieldIs, readAddress, readPort, readUnsigned } from '../values.ts'

/** Where the tuples of a record stand: of security groups, of virtual networks, and one for each where a collector parted them. */
const WANTED = ['properties.flows.*.flows.*.flowTuples', 'flowRecords.flows.*.flowGroups.*.flowTuples', 'flow.0']
const NETWORK = 1

const COMMA = 0x2c
/** Parts of a tuple; a security group's has 8 or 13, a virtual network's 13. */
const PARTS = 13
const LEAST = 8

const BAD: RecordResult = { bad: 'bad_tuple' }

/** What the categories of both logs begin with, for the sample. */
const SIGNS = ['"flowTuples"', '"NetworkSecurityGroupFlowEvents"']

/**
 * Flow logs of Azure: of network security groups (versions 1 and 2) and of virtual networks
 * (https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview). One record holds the flows of a minute as
 * tuples, each of which becomes an observation; who is named first began the flow.
 */
export const azureNsgFlow: LogFormat = {
  kind: 'log',
  name: 'azure-nsg-flow',
  title: 'Azure flow log of security groups and virtual networks, JSON',
  documentation: 'https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview',
  verified: true,
  framing: { kind: 'json', under: ['records'] },
  attributes: { url: false, server: true, user: false, client: true, bytes: true, bytesUp: true, action: true },
  claims,
  open: (context) => new FlowReader(context),
}

function claims({ lines }: LogSample): boolean {
  return lines.slice(0, 200).some((line) => SIGNS.some((sign) => line.includes(sign)))
}

class FlowReader implements RecordReader {
  readonly #context: LogContext
  readonly #fields = new RecordFields(WANTED.length)
  readonly #parser = new JsonFields(WANTED)
  readonly #observation = new Observation()
  readonly #starts = new Int32Array(PARTS)
  readonly #ends = new Int32Array(PARTS)

  constructor(context: LogContext) {
    this.#context = context
  }

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    const fields = this.#fields
    fields.begin(bytes, start, end)
    const result = this.#parser.parse(bytes, start, end, fields)
    if (result !== 'ok') return result
    let good = 0
    let bad = 0
    if (fields.dropped > 0) this.#context.oddities.count('flow_tuple_dropped', fields.dropped)
    for (let field = 0; field < WANTED.length; field++) {
      for (let from = fields.starts[field]!; from < fields.ends[field]!; ) {
        let to = from
        while (to < fields.ends[field]! && fields.bytes[to] !== LIST_SEPARATOR) to++
        if (to > from) {
          if (this.#tuple(fields.bytes, from, to, field === NETWORK)) {
            good++
            sink.observe(this.#observation)
          } else bad++
        }
        from = to + 1
      }
    }
    if (good === 0) return bad === 0 ? 'skip' : BAD
    if (bad > 0) this.#context.oddities.count('flow_tuple_bad', bad)
    return 'ok'
  }

  /** `time,source,destination,source port,destination port,protocol,direction,…` into the observation. */
  #tuple(bytes: Uint8Array, start: number, end: number, isNetwork: boolean): boolean {
    const count = this.#split(bytes, start, end)
    if (count < LEAST) return false
    const starts = this.#starts
    const ends = this.#ends
    const observation = this.#observation
    observation.reset()
    const time = readUnsigned(bytes, starts[0]!, ends[0]!)
    observation.time = time * (ends[0]! - starts[0]! > 11 ? 1000 : MICROS_PER_SECOND)
    if (time < 0 || !isTime(observation.time)) return false
    observation.end = observation.time
    observation.hasClient = readAddress(bytes, starts[1]!, ends[1]!, observation.addresses, 0)
    observation.hasServer = readAddress(bytes, starts[2]!, ends[2]!, observation.addresses, 4)
    if (!observation.hasClient || !observation.hasServer) return false
    observation.clientPort = readPort(bytes, starts[3]!, ends[3]!)
    observation.serverPort = readPort(bytes, starts[4]!, ends[4]!)
    if (observation.clientPort < 0 || observation.serverPort < 0) return false
    observation.transport = transportOf(bytes, starts[5]!, ends[5]!)
    observation.means = 'address'
    const isDenied = fieldIs(bytes, starts[7]!, ends[7]!, 'D')
    if (isNetwork) observation.action = isDenied ? 'blocked' : 'allowed'
    else if (isDenied || fieldIs(bytes, starts[7]!, ends[7]!, 'A'))
      observation.action = isDenied ? 'blocked' : 'allowed'
    if (count < PARTS) return true
    observation.bytesUp = readUnsigned(bytes, starts[10]!, ends[10]!)
    observation.bytesDown = readUnsigned(bytes, starts[12]!, ends[12]!)
    return true
  }

  #split(bytes: Uint8Array, start: number, end: number): number {
    let count = 0
    for (let from = start; from <= end && count < PARTS; ) {
      let to = from
      while (to < end && bytes[to] !== COMMA) to++
      this.#starts[count] = from
      this.#ends[count++] = to
      from = to + 1
    }
    return count
  }
}

/** `T` and `U` of security groups, the protocol's number of virtual networks. */
function transportOf(bytes: Uint8Array, start: number, end: number): Transport {
  if (fieldIs(bytes, start, end, 'T') || fieldIs(bytes, start, end, '6')) return 'tcp'
  return fieldIs(bytes, start, end, 'U') || fieldIs(bytes, start, end, '17') ? 'udp' : ''
}
