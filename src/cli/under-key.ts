import type { Policy } from '../model/policy.ts'
import type { Registers } from '../model/register.ts'
import { loadRegisters } from './registers.ts'

/** A policy as facts can be judged by it. */
export interface PolicyUnderKey {
  /** With the members of its groups. */
  readonly policy: Policy
  readonly registers: Registers
}

/** The people and devices that a policy names, in its groups and registers, under the pseudonyms of a store's key. */
export async function underKey(policy: Policy, key: Uint8Array): Promise<PolicyUnderKey> {
  const registers = await loadRegisters(policy, key)
  if (policy.groups.length === 0) return { policy, registers }
  const [{ Clients }, { withMembers }] = await Promise.all([
    import('../subjects/clients.ts'),
    import('../subjects/group-members.ts'),
  ])
  return { policy: withMembers(policy, new Clients(key, false)), registers }
}
