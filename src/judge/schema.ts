import { z } from 'zod'
import { parseNetwork } from '../base/network-text.ts'
import { harmless } from '../base/text.ts'
import { canonicalUser } from '../base/user-name.ts'
import { NETWORK_KINDS, NETWORK_SCOPES, VANTAGES } from '../model/policy.ts'
import { CATEGORIES } from '../model/signature.ts'

const text = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => harmless(value) === value && value.trim() === value, {
    error: 'has characters that cannot be shown, or space around it: write plain text',
  })

const cidr = text
  .transform((value, context) => {
    const network = parseNetwork(value)
    if (typeof network !== 'string') return network
    context.addIssue({ code: 'custom', message: network })
    return z.NEVER
  })
  .describe('A network such as 10.8.0.0/16 or fd00:8::/48, or one address.')

const user = text.transform((value, context) => {
  const name = canonicalUser(value)
  if (name !== '') return name
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is how logs write nobody: name a user` })
  return z.NEVER
})

const siteReference = text.optional().describe('The id of one of the sites.')

const site = z.strictObject({ id: text.describe('Unique.'), name: text })

const network = z.strictObject({
  name: text.describe('Unique; findings show it.'),
  kind: z.enum(NETWORK_KINDS),
  scope: z
    .enum(NETWORK_SCOPES)
    .describe("managed: the organisation's own devices. mixed: one cannot tell. visitor: nobody's finding."),
  site: siteReference,
  cidrs: z.array(cidr).min(1).describe('Of all networks the most specific one that holds an address counts.'),
})

const gateway = z.strictObject({
  name: text.describe('Unique.'),
  addresses: z.array(cidr).min(1).describe('Outer addresses of the gateway, as a client reaches it.'),
})

const exclusions = z.strictObject({
  networks: z.array(cidr).default([]),
  users: z.array(user).default([]).describe('As the inputs name them: EXAMPLE\\counsel or counsel@example.'),
})

const input = z.strictObject({
  match: text.describe("A glob on the input's path, with / between folders; without a / on its file name."),
  vantage: z.enum(VANTAGES).describe('Where the sensor or the source of the log stands.'),
  site: siteReference,
})

const rule = z.strictObject({
  name: text.describe('Unique; findings cite it.'),
  ruling: z.enum(['prohibited', 'permitted']),
  apps: z.array(text).default([]).describe('Ids of apps; a rule that names an app beats one that names its category.'),
  // The government VPN is the tunnel itself, which is never judged.
  categories: z.array(z.enum(CATEGORIES).exclude(['government-vpn'])).default([]),
  'split-tunnel': z.boolean().default(false).describe('Only with permitted: the app may go outside the tunnel.'),
  reason: text.optional().describe('What the rule rests on; findings cite it.'),
})

/** The policy file's shape; what refers from one place to another is checked by `checks.ts`. */
export const policyFile = z.strictObject({
  organisation: text,
  'in-force': text.describe('2026-03-01 or 2026-03-01T08:00, in the time zone; before it nothing is prohibited.'),
  timezone: text.describe('An IANA time zone such as Europe/Paris.'),
  sites: z.array(site).default([]),
  networks: z.array(network).describe('Where clients are, by their address.'),
  gateways: z.array(gateway).default([]).describe('Where the government VPN ends.'),
  exclusions: exclusions.default({ networks: [], users: [] }).describe('Dropped before anything is kept.'),
  inputs: z.array(input).default([]).describe('Where each sensor or source of logs stands; the last match counts.'),
  rules: z.array(rule).describe('What no rule names is permitted.'),
})

/** A policy file whose shape is right. */
export type PolicyFile = z.output<typeof policyFile>

/** JSON Schema (draft 2020-12) of the policy file, for editors. It cannot say all that `policy check` checks. */
export function policySchema(): Record<string, unknown> {
  return { title: 'offchannel policy', ...z.toJSONSchema(policyFile, { io: 'input' }) }
}
