import { Option } from 'commander'
import { RULE_ROUTES, type RuleRoute } from '../model/policy.ts'
import type { SignatureChoice } from './signature-set.ts'

/** What `policy explain` is asked. */
export interface ExplainOptions extends SignatureChoice {
  readonly app: string
  readonly time: string
  readonly subject?: string
  readonly directorate?: string
  readonly network?: string
  readonly route?: RuleRoute
  readonly json?: true
}

/** The options of the question, in the order in which help lists them. */
export const explainOptions = () => [
  new Option('--app <id>', 'the app (`offchannel signatures list`)').makeOptionMandatory(),
  new Option('--time <time>', "2026-05-12T14:05 in the policy's zone, or with a Z in UTC").makeOptionMandatory(),
  new Option('--subject <name>', 'a user or device, as inputs name it'),
  new Option('--directorate <name>', 'that the subject belongs to by the registers'),
  new Option('--network <name>', "one of the policy's networks"),
  new Option('--route <route>', 'the way it took').choices(RULE_ROUTES),
]
