import type { Signature } from '../model/signature.ts'
import { Classifier } from './classifier.ts'
import type { SignatureFault } from './schema.ts'
import type { SignatureProblem } from './yaml-file.ts'

/** Says where in its file a fault of a signature stands. */
export type Locate = (signature: Signature, fault: SignatureFault) => SignatureProblem

/** Names that a signature claims for its app and that another app would win. */
export function conflicts(signatures: readonly Signature[], locate: Locate): readonly SignatureProblem[] {
  const classifier = new Classifier({ signatures })
  return signatures.flatMap((own) =>
    own.shouldMatch.flatMap((name, i) => {
      const matches = classifier.matchName(name)
      if (matches.length === 0 || matches.some(({ signature }) => signature === own)) return []
      const { signature, indicator } = matches[0]!
      const by = `${indicator.type} "${indicator.value}" of ${signature.id}`
      const message = `"${name}" is won by ${by}, which is more specific`
      return [locate(own, { path: ['tests', 'should-match', i], message })]
    }),
  )
}
