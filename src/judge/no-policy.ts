import { LAST_TIME } from '../base/time.ts'
import type { Policy } from '../model/policy.ts'

/**
 * The policy where the operator gives none: messaging, private mail, file sharing and concealment are prohibited at all
 * times. It knows no networks, so it never speaks of a bypass.
 */
export const NO_POLICY: Policy = {
  organisation: 'no policy given',
  inForce: 0,
  inForceText: '1970-01-01',
  timezone: 'UTC',
  sites: [],
  networks: [],
  gateways: [],
  exclusions: { cidrs: [], users: [] },
  inputs: [],
  clockTolerance: 0,
  registers: [],
  groups: [],
  rules: [
    {
      name: 'no-policy-given',
      ruling: 'prohibited',
      apps: [],
      categories: ['messaging', 'private-mail', 'file-sharing', 'concealment'],
      networks: [],
      groups: [],
      routes: [],
      weekly: [],
      from: 0,
      until: LAST_TIME,
      fromText: '',
      untilText: '',
      version: '',
      splitTunnel: false,
      reason: 'Without a policy of the organisation these categories are taken to be prohibited',
    },
  ],
  exemptions: [],
  severity: undefined,
  hash: 'no-policy-given',
  file: '',
}
