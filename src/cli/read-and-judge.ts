import { placesOf } from '../judge/places.ts'
import { type JudgementSummary, judgeStore } from '../judgement.ts'
import type { Store } from '../store/store.ts'
import type { Landmarks } from '../sweep/landmarks.ts'
import type { InputOutcome } from '../sweep/outcome.ts'
import { secureEvidence } from '../sweep/secure.ts'
import { type SweepOptions, sweep } from '../sweep/sweep.ts'
import { now } from './clock.ts'
import type { loadRules } from './options.ts'
import type { PassInputs, PassOptions } from './pass.ts'
import { evidenceProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'
import type { PolicyUnderKey } from './under-key.ts'
import { programVersion } from './version.ts'

/** A store that is open, and what inputs are read and judged by. */
export interface Means {
  readonly store: Store
  readonly key: Uint8Array
  readonly rules: Awaited<ReturnType<typeof loadRules>>
  readonly judged: PolicyUnderKey
}

/** Reads inputs into the store. */
export function readInputs(
  read: PassInputs,
  { store, key, rules: { signatures, policy } }: Means,
  { again, hash }: Pick<PassOptions, 'again' | 'hash'>,
  terminal: Terminal,
  listening: Pick<SweepOptions, 'progress' | 'stopped' | 'done' | 'samples' | 'landmarks'>,
): Promise<InputOutcome[]> {
  const siteOf = siteFrom(policy)
  return sweep(read.inputs, {
    ...read,
    ...{ store, signatures, policy, key, siteOf, hash, standardInput: terminal.stdin, again: again === true },
    ...listening,
  })
}

/**
 * Judges what is new in the store, and puts what proves it into the locker where that is wanted.
 *
 * @param landmarks of the inputs that were read since the last time.
 */
export async function judgeInputs(
  read: PassInputs,
  { store, key, rules: { signatures, policy }, judged }: Means,
  { evidence }: Pick<PassOptions, 'evidence'>,
  landmarks: Landmarks,
  terminal: Terminal,
): Promise<JudgementSummary> {
  const judgement = judgeStore(store, judged.policy, signatures, judged.registers)
  if (!evidence) return judgement
  const progress = await evidenceProgress(terminal)
  try {
    await secureEvidence({
      ...read,
      ...{ store, policy, key, locker: store.locker(key), siteOf: siteFrom(policy), progress: progress.update },
      ...{ whole: false, retry: false, takenAt: now(), version: programVersion(), landmarks },
    })
  } finally {
    progress.stop()
  }
  return judgement
}

function siteFrom(policy: Means['rules']['policy']): (input: string) => string {
  const places = placesOf(policy)
  return (input) => places.input(input)?.site ?? ''
}
