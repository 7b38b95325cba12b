import type { Classifier } from '../classify/classifier.ts'
import type { EarlierAnswers } from '../classify/earlier-answers.ts'
import type { UnmatchedNames } from '../classify/unmatched-names.ts'
import type { Format } from '../model/reader.ts'
import type { GrowingSamples } from '../read/growing-samples.ts'
import type { StoredAnswers } from '../store/given-answers.ts'
import type { NetworkMap } from '../subjects/network-map.ts'
import type { RotatingClients } from '../subjects/rotating-clients.ts'
import type { SweepOptions } from './sweep.ts'

/** The options, and what they come to, made once for all inputs. */
export interface Context extends SweepOptions {
  readonly classifier: Classifier
  readonly unmatched: UnmatchedNames
  /** Of inputs that were recognised already. */
  readonly formats: Map<string, Format>
  readonly networks: NetworkMap
  readonly samples: GrowingSamples
  readonly clients: RotatingClients
  /** What clients were told by DNS in the inputs that the store has, and what that matches. */
  readonly told: StoredAnswers
  readonly answers: EarlierAnswers
}

/** With how this input is read. */
export function contextOf(input: string, context: Context): Context {
  return { ...context, ...context.readAs?.(input) }
}
