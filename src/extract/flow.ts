import type { Observation } from '../model/observation.ts'

/** One direction of a conversation: a packet, or a stream of them. */
export interface Flow {
  /** Source in words 0 to 3, destination in 4 to 7. */
  readonly addresses: Uint32Array
  readonly sourcePort: number
  readonly destinationPort: number
}

/** Begins an observation of a flow, whose sender is the server where `fromServer`. */
export function begin(
  observation: Observation,
  flow: Flow,
  fromServer: boolean,
  firstFrame: number,
  frame: number,
): void {
  observation.reset()
  const client = fromServer ? 4 : 0
  for (let w = 0; w < 4; w++) {
    observation.addresses[w] = flow.addresses[client + w]!
    observation.addresses[4 + w] = flow.addresses[4 - client + w]!
  }
  observation.hasClient = true
  observation.hasServer = true
  observation.clientPort = fromServer ? flow.destinationPort : flow.sourcePort
  observation.serverPort = fromServer ? flow.sourcePort : flow.destinationPort
  observation.firstPosition = firstFrame
  observation.position = frame
}
