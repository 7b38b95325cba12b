import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import type { Policy } from '../model/policy.ts'
import type { SignatureSet } from '../model/signature.ts'

/** The signatures that come with the program. */
export const BUNDLED_SIGNATURES = fileURLToPath(new URL('../../signatures', import.meta.url))

export const DEFAULT_STORE = 'offchannel.db'

export const signaturesOption = () =>
  new Option('--signatures <folder>', 'signatures to use').default(BUNDLED_SIGNATURES, 'those that come with offchannel')
export const policyOption = () =>
  new Option('--policy <file>', 'policy to judge by (`offchannel policy init` writes one)')
export const storeOption = () => new Option('--store <file>', 'SQLite store').default(DEFAULT_STORE)
export const jsonOption = () => new Option('--json', 'print JSON instead of tables')
export const formatOption = () =>
  new Option('--format <name>', 'read every input as this format (`offchannel formats` lists them)')

/** Adds options in the order in which help lists them. */
export function withOptions(command: Command, ...options: readonly Option[]): Command {
  for (const option of options) command.addOption(option)
  return command
}

/** Signatures and policy as the options name them. The libraries that read them are loaded only now. */
export async function loadRules(options: {
  readonly signatures: string
  readonly policy?: string
}): Promise<{ readonly signatures: SignatureSet; readonly policy: Policy }> {
  const [{ loadSignatures }, { checkApps, loadPolicy }, { defaultPolicy }] = await Promise.all([
    import('../classify/load.ts'),
    import('../judge/load.ts'),
    import('../judge/template.ts'),
  ])
  const signatures = loadSignatures(options.signatures)
  if (options.policy === undefined) return { signatures, policy: defaultPolicy() }
  const policy = loadPolicy(options.policy)
  const unknown = checkApps(
    policy,
    signatures.signatures.map(({ id }) => id),
  )
  if (unknown.length > 0) throw new OffchannelError('policy_invalid', unknown.join('\n'))
  return { signatures, policy }
}
