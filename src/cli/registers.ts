import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { messageOf, OffchannelError } from '../base/errors.ts'
import type { Policy } from '../model/policy.ts'
import { NO_REGISTERS, type Registers } from '../model/register.ts'

/** Ten times a register of a million devices. */
const FILE_SIZE_LIMIT = 1 << 28

/**
 * The registers that a policy declares, read beside it, under the store's pseudonyms. Throws `policy_invalid` where one
 * cannot be read or holds something else.
 */
export async function loadRegisters(policy: Policy, key: Uint8Array): Promise<Registers> {
  if (policy.registers.length === 0) return NO_REGISTERS
  const [{ Clients }, { joinRegisters }] = await Promise.all([
    import('../subjects/clients.ts'),
    import('../subjects/registers.ts'),
  ])
  const texts = policy.registers.map((declaration) => {
    const file = path.isAbsolute(declaration.file)
      ? declaration.file
      : path.join(path.dirname(policy.file), declaration.file)
    return { declaration: { ...declaration, file }, text: registerText(file, declaration.name) }
  })
  return joinRegisters(texts, new Clients(key, false))
}

function registerText(file: string, name: string): string {
  const refused = (message: string, cause?: unknown) =>
    new OffchannelError('policy_invalid', `${file}: register "${name}" ${message}`, { cause })
  let bytes: Buffer
  try {
    if (statSync(file).size > FILE_SIZE_LIMIT) throw refused('is larger than 256 MiB: split it')
    bytes = readFileSync(file)
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    throw refused(`cannot be read (${messageOf(thrown)}): name a file beside the policy`, thrown)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (thrown) {
    throw refused('is not UTF-8 text: save it as UTF-8', thrown)
  }
}
