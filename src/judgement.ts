import { createHash } from 'node:crypto'
import { mayEndElsewhere } from './judge/gateways.ts'
import type { SetAsideReason } from './judge/hits.ts'
import { indexSignatures } from './judge/signature-index.ts'
import { judgeSubjectDay } from './judge/subject-day.ts'
import type { Policy } from './model/policy.ts'
import { NO_REGISTERS, type Registers } from './model/register.ts'
import type { SignatureSet } from './model/signature.ts'
import type { Store } from './store/store.ts'

/** Raised when the same facts and policy could give other findings than before. */
export const JUDGE_VERSION = 4

export interface JudgementSummary {
  /** Whether everything was judged, or only what changed since the last time. */
  readonly scope: 'dirty' | 'all'
  readonly subjectDays: number
  /** Sightings that are behind no finding, by reason. */
  readonly setAside: ReadonlyMap<SetAsideReason, number>
}

/**
 * store → judge → store: brings the findings up to date with the facts, the policy and the signatures, in one
 * transaction. Where policy and signatures are those of the last time, only what changed since is judged.
 */
export function judgeStore(
  store: Store,
  policy: Policy,
  signatures: SignatureSet,
  registers: Registers = NO_REGISTERS,
): JudgementSummary {
  const index = indexSignatures(signatures)
  const basis = createHash('sha256')
    .update(JSON.stringify([JUDGE_VERSION, policy.hash, signatures.hash, registers.hash]))
    .digest('hex')
  const scope = store.judgedOn() === basis ? 'dirty' : 'all'
  const setAside = new Map<SetAsideReason, number>()
  let subjectDays = 0
  store.judging(basis, (tell) => {
    for (const facts of store.subjectDays(scope, (server) => mayEndElsewhere(server, policy))) {
      const judgement = judgeSubjectDay(facts, policy, index, registers)
      store.replaceFindings(facts.day, facts.subject, judgement.findings, judgement.otherIds)
      for (const [reason, count] of Object.entries(judgement.setAside)) {
        const key = reason as SetAsideReason
        setAside.set(key, (setAside.get(key) ?? 0) + count)
      }
      subjectDays++
    }
    const on = { policy: policy.hash, signatures: signatures.hash, registers: registers.hash, version: JUDGE_VERSION }
    tell({ scope, subjectDays, ...on })
  })
  return { scope, subjectDays, setAside }
}
