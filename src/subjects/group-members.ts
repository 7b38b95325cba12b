import type { Policy } from '../model/policy.ts'
import type { Clients } from './clients.ts'

/** The policy with the users and devices of its groups as facts name them, under the store's key. */
export function withMembers(policy: Policy, clients: Clients): Policy {
  if (policy.groups.length === 0) return policy
  const groups = policy.groups.map((group) => {
    const found = [
      ...group.users.map((name) => clients.user(name)),
      ...group.devices.map((name) => clients.device(name)),
    ]
    const members = found.flatMap((client) => (client === undefined ? [] : [`${client.kind}-${client.tag}`]))
    return { ...group, members: new Set(members) }
  })
  return { ...policy, groups }
}
