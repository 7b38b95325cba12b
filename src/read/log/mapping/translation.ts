import type { Observation } from '../../../model/observation.ts'
import type { RecordFields } from '../fields/record-fields.ts'
import { readPort } from '../values.ts'
import type { Endpoint } from './endpoint.ts'
import type { TranslatedRule } from './mapping.ts'
import { type CompiledSource, compileSources, type Found, type Wanted } from './source.ts'

/** A `TranslatedRule` by the indexes of its fields. */
export interface CompiledTranslation {
  readonly client: readonly CompiledSource[]
  readonly clientPort: readonly CompiledSource[]
  readonly server: readonly CompiledSource[]
  readonly serverPort: readonly CompiledSource[]
}

export function compileTranslation(rule: TranslatedRule, wanted: Wanted): CompiledTranslation {
  return {
    client: compileSources(rule.client, wanted),
    clientPort: compileSources(rule.clientPort, wanted),
    server: compileSources(rule.server, wanted),
    serverPort: compileSources(rule.serverPort, wanted),
  }
}

/** Reads what address translation made of both ends; an end that it left as it was, or that is not to be read, is none. */
export function readTranslation(
  rule: CompiledTranslation,
  fields: RecordFields,
  found: Found,
  endpoint: Endpoint,
  observation: Observation,
): void {
  const clientPort = readEnd(rule.client, rule.clientPort, fields, found, endpoint, observation.translated, 0)
  if (clientPort >= 0 && isOther(observation, observation.hasClient, 0, clientPort, observation.clientPort)) {
    observation.hasTranslatedClient = true
    observation.translatedClientPort = clientPort
  }
  const serverPort = readEnd(rule.server, rule.serverPort, fields, found, endpoint, observation.translated, 4)
  if (serverPort >= 0 && isOther(observation, observation.hasServer, 4, serverPort, observation.serverPort)) {
    observation.hasTranslatedServer = true
    observation.translatedServerPort = serverPort
  }
}

/** The port, 0 where none is told; -1 where there is no address. */
function readEnd(
  address: readonly CompiledSource[],
  port: readonly CompiledSource[],
  fields: RecordFields,
  found: Found,
  endpoint: Endpoint,
  words: Uint32Array,
  at: number,
): number {
  if (!found.find(address, fields) || !endpoint.read(found.bytes, found.start, found.end, words, at)) return -1
  if (!found.find(port, fields)) return endpoint.port
  return Math.max(0, readPort(found.bytes, found.start, found.end))
}

function isOther(observation: Observation, isKnown: boolean, at: number, port: number, known: number): boolean {
  if (!isKnown || (port > 0 && port !== known)) return true
  for (let i = at; i < at + 4; i++) if (observation.addresses[i] !== observation.translated[i]) return true
  return false
}
