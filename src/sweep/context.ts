import type { Classifier } from '../classify/classifier.ts'
import type { EarlierAnswers } from '../classify/earlier-answers.ts'
import type { UnmatchedNames } from '../classify/unmatched-names.ts'
import type { Format } from '../model/reader.ts'
import type { Clients } from '../subjects/clients.ts'
import type { NetworkMap } from '../subjects/network-map.ts'
import type { SweepOptions } from './sweep.ts'

/** The options, and what they come to, made once for all inputs. */
export interface Context extends SweepOptions {
  readonly classifier: Classifier
  readonly unmatched: UnmatchedNames
  /** Of inputs that were recognised already. */
  readonly formats: Map<string, Format>
  readonly networks: NetworkMap
  readonly clients: Clients
  /** What clients were told by DNS in the inputs so far. */
  readonly answers: EarlierAnswers
}

/** With how this input is read. */
export function contextOf(input: string, context: Context): Context {
  return { ...context, ...context.readAs?.(input) }
}
