import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import type { Policy } from '../model/policy.ts'
import type { SignatureSet } from '../model/signature.ts'

/** The signatures that come with the program. */
export const BUNDLED_SIGNATURES = fileURLToPath(new URL('../../signatures', import.meta.url))

/** The same, checked when the program was built. */
export const COMPILED_SIGNATURES = fileURLToPath(new URL('../signatures.json', import.meta.url))

export const DEFAULT_STORE = 'offchannel.db'

export const signaturesOption = () =>
  new Option('--signatures <folder>', 'signatures to use').default(
    BUNDLED_SIGNATURES,
    'those that come with offchannel',
  )
export const policyOption = () =>
  new Option('--policy <file>', 'policy to judge by (`offchannel policy init` writes one)')
export const storeOption = () => new Option('--store <file>', 'SQLite store').default(DEFAULT_STORE)
export const keyOption = () =>
  new Option('--key <file>', 'key of the pseudonyms (default: the name of the store with .key)')
export const jsonOption = () => new Option('--json', 'print JSON instead of tables')
export const formatOption = () =>
  new Option('--format <name>', 'read every input as this format (`offchannel formats` lists them)')

/** Adds options in the order in which help lists them. */
export function withOptions(command: Command, ...options: readonly Option[]): Command {
  for (const option of options) command.addOption(option)
  return command
}

/** The signatures of a folder. The libraries that read and check them are loaded only where that is needed. */
export async function loadSignatureSet(folder: string): Promise<SignatureSet> {
  const { loadCompiled } = await import('../classify/compiled.ts')
  const compiled = loadCompiled(folder, COMPILED_SIGNATURES)
  if (compiled !== undefined) return compiled
  const { loadSignatures } = await import('../classify/load.ts')
  return loadSignatures(folder)
}

/** Signatures and policy as the options name them; a policy that names apps without a signature is refused. */
export async function loadRules(options: {
  readonly signatures: string
  readonly policy?: string
}): Promise<{ readonly signatures: SignatureSet; readonly policy: Policy }> {
  const signatures = await loadSignatureSet(options.signatures)
  if (options.policy === undefined) {
    const { NO_POLICY } = await import('../judge/no-policy.ts')
    return { signatures, policy: NO_POLICY }
  }
  const { checkApps, loadPolicy } = await import('../judge/load.ts')
  const policy = loadPolicy(options.policy)
  const ids = signatures.signatures.map(({ id }) => id)
  const unknown = checkApps(policy, ids)
  if (unknown.length > 0) {
    throw new OffchannelError('policy_invalid', unknown.map((mistake) => `${options.policy}: ${mistake}`).join('\n'))
  }
  return { signatures, policy }
}
