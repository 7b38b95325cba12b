import { z } from 'zod'
import { parseNetwork } from '../base/network-text.ts'
import { harmless } from '../base/text.ts'
import { canonicalUser } from '../base/user-name.ts'
import { ACTIVITIES, GRADES, RULINGS, SEVERITIES } from '../model/finding.ts'
import { NETWORK_KINDS, NETWORK_SCOPES, RULE_ROUTES, VANTAGES } from '../model/policy.ts'
import { REGISTER_KINDS } from '../model/register.ts'
import { CATEGORIES } from '../model/signature.ts'
import { parseWeekly } from './weekly.ts'

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
  names: z.array(text).default([]).describe('What logs call it, beside its name and addresses.'),
})

const exclusions = z.strictObject({
  networks: z.array(cidr).default([]),
  users: z.array(user).default([]).describe('As the inputs name them: EXAMPLE\\counsel or counsel@example.'),
})

const input = z.strictObject({
  match: text.describe("A glob on the input's path, with / between folders; without a / on its file name."),
  vantage: z.enum(VANTAGES).describe('Where the sensor or the source of the log stands.'),
  site: siteReference,
  gateway: text.optional().describe('The log is of this gateway: the tunnels in it end there.'),
})

const register = z.strictObject({
  name: text.describe('Unique; findings cite it.'),
  file: text.describe('CSV with a header, JSON lines or a JSON list; beside the policy file.'),
  holds: z.enum(REGISTER_KINDS),
  scope: z.enum(['managed', 'unmanaged']).default('managed').describe('Of whoever is in it.'),
  fields: z.array(text).min(1).max(8).describe('Columns or keys that each name the device or user.'),
  group: text.optional().describe('The column or key with the directorate it belongs to.'),
})

const clockTolerance = z.number().refine((minutes) => Number.isInteger(minutes) && minutes >= 0 && minutes <= 15, {
  error: 'is not a whole number of minutes from 0 to 15',
})

const group = z.strictObject({
  name: text.describe('Unique; rules and exemptions refer to it.'),
  users: z.array(user).default([]).describe('As the inputs name them: EXAMPLE\\alice or alice@example.'),
  devices: z.array(text).default([]).describe('As logs name them, where no user is known.'),
  directorates: z.array(text).default([]).describe('As the registers write them: all of these.'),
})

const weekly = text
  .transform((value, context) => {
    const window = parseWeekly(value)
    if (typeof window !== 'string') return window
    context.addIssue({ code: 'custom', message: window })
    return z.NEVER
  })
  .describe("sat 18:00-mon 06:00, on the clocks of the policy's time zone.")

const about = {
  apps: z.array(text).default([]).describe('Ids of apps; a rule that names an app beats one that names its category.'),
  // The government VPN is the tunnel itself, which is never judged.
  categories: z.array(z.enum(CATEGORIES).exclude(['government-vpn'])).default([]),
  groups: z.array(text).default([]).describe('Only these subjects.'),
  networks: z.array(text).default([]).describe('Only clients in these networks.'),
  routes: z.array(z.enum(RULE_ROUTES)).default([]).describe('Only what went this way.'),
}

const rule = z.strictObject({
  name: text.describe('Unique; findings cite it.'),
  ruling: z.enum(['prohibited', 'permitted']),
  ...about,
  from: text.optional().describe('The first day, or the moment from which it counts.'),
  until: text.optional().describe('The last day, or the moment at which it ends.'),
  weekly: z.array(weekly).default([]).describe('Only at these times of each week.'),
  'split-tunnel': z.boolean().default(false).describe('Only with permitted: the app may go outside the tunnel.'),
  reason: text.optional().describe('What the rule rests on; findings cite it.'),
})

const version = z.strictObject({
  name: text.describe('Unique; findings cite it.'),
  'in-force': text.describe('From then on its rules replace all earlier ones.'),
  rules: z.array(rule),
})

const exemption = z.strictObject({
  name: text.describe('Unique; findings cite it.'),
  ...about,
  from: text.describe('The first day, or the moment from which it counts.'),
  until: text.describe('The last day, or the moment at which it ends.'),
  weekly: z.array(weekly).default([]).describe('Only at these times of each week.'),
  'split-tunnel': z.boolean().default(false).describe('The app may go outside the tunnel as well.'),
  approver: text.describe('Who granted it.'),
  reason: text.describe('Why; findings cite it.'),
  reference: text.describe('Where the decision is filed.'),
})

const severityRow = z.strictObject({
  name: text.describe('Unique; findings cite it.'),
  severity: z.enum(SEVERITIES),
  rulings: z.array(z.enum(RULINGS)).default([]),
  bypass: z.boolean().optional(),
  blocked: z.boolean().optional(),
  activities: z.array(z.enum(ACTIVITIES)).default([]),
  grades: z.array(z.enum(GRADES)).default([]),
  reason: text.optional().describe('Findings cite it.'),
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
  'clock-tolerance': clockTolerance.default(2).describe('Minutes that the clocks of two inputs may differ by.'),
  registers: z.array(register).default([]).describe("Lists of the organisation's own devices and people."),
  groups: z.array(group).default([]).describe('Subjects that rules and exemptions name together.'),
  rules: z.array(rule).describe('What no rule names is permitted.'),
  versions: z.array(version).default([]).describe('Rules that replace those above from a later date on.'),
  exemptions: z.array(exemption).default([]).describe('Who may for a time do what a rule prohibits.'),
  severity: z
    .array(severityRow)
    .min(1)
    .optional()
    .describe('Replaces the table of the program; the first row that fits decides.'),
})

/** A policy file whose shape is right. */
export type PolicyFile = z.output<typeof policyFile>

/** JSON Schema (draft 2020-12) of the policy file, for editors. It cannot say all that `policy check` checks. */
export function policySchema(): Record<string, unknown> {
  return { title: 'offchannel policy', ...z.toJSONSchema(policyFile, { io: 'input' }) }
}
