import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { plural } from '../base/text.ts'
import { LAST_TIME, MICROS_PER_MINUTE, type Micros } from '../base/time.ts'
import type { Policy, PolicyScope } from '../model/policy.ts'
import { checkSections, type Sections } from './checks.ts'
import { didYouMean } from './did-you-mean.ts'
import { parseInForce } from './in-force.ts'
import { type Mistake, mistakeText, shapeMistakes } from './mistakes.ts'
import { OTHER_GATEWAY } from './other-gateway.ts'
import { type Period, periodOf, placeRules } from './placed-rules.ts'
import { type PolicyFile, policyFile } from './schema.ts'
import { toSeverityRow } from './severity.ts'
import { type Path, pathText, readYaml } from './yaml-source.ts'

/** Far above any policy, and little to read. */
const FILE_SIZE_LIMIT = 1 << 20

/** How many mistakes one error tells of. */
const SHOWN_LIMIT = 20

/** What a policy text says, or everything that is wrong with it, in the order of its lines. */
export type CheckedPolicy =
  | { readonly policy: Policy; readonly mistakes: readonly [] }
  | { readonly policy: undefined; readonly mistakes: readonly Mistake[] }

/** Reads a policy file. Throws `policy_invalid` with a line for each mistake (the first 20). */
export function loadPolicy(file: string): Policy {
  return parsePolicy(readPolicyText(file), file)
}

/** Reads a policy text; the file name is for messages. Throws as `loadPolicy` does. */
export function parsePolicy(text: string, fileName: string): Policy {
  const { policy, mistakes } = checkPolicy(text, fileName)
  if (policy !== undefined) return policy
  const lines = mistakes.slice(0, SHOWN_LIMIT).map((mistake) => mistakeText(fileName, mistake))
  const more = mistakes.length - lines.length
  if (more > 0) lines.push(`and ${plural(more, 'more mistake')}: \`offchannel policy check\` shows all`)
  throw new OffchannelError('policy_invalid', lines.join('\n'))
}

/** The text of a policy file: UTF-8, at most 1 MiB. Throws `policy_invalid` where it is not, or cannot be read. */
export function readPolicyText(file: string): string {
  let bytes: Buffer
  try {
    const { size } = statSync(file)
    if (size > FILE_SIZE_LIMIT) {
      throw new OffchannelError('policy_invalid', `${file}: is larger than 1 MiB: name a policy file`)
    }
    bytes = readFileSync(file)
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    const message = `${file}: cannot be read (${messageOf(thrown)}): name a policy file`
    throw new OffchannelError('policy_invalid', message, { cause: thrown })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (thrown) {
    throw new OffchannelError('policy_invalid', `${file}: is not UTF-8 text: save it as UTF-8`, { cause: thrown })
  }
}

/** Checks a policy text, without a limit to the mistakes told. */
export function checkPolicy(text: string, fileName: string): CheckedPolicy {
  const source = readYaml(text)
  const mistakes: Mistake[] = source.problems.map(({ line, message }) => ({ line, path: '', message }))
  if (mistakes.length > 0) return { policy: undefined, mistakes }
  if (source.value === null || source.value === undefined) {
    const message = 'the file is empty: `offchannel policy init` writes a policy to start from'
    return { policy: undefined, mistakes: [{ line: 1, path: '', message }] }
  }
  const report = (path: Path, message: string) =>
    mistakes.push({ line: source.lineOf(path), path: pathText(path), message })
  const parsed = policyFile.safeParse(source.value, { reportInput: true })
  for (const issue of parsed.error?.issues ?? []) {
    for (const { path, message } of shapeMistakes(issue)) report(path, message)
  }
  const sections = parsed.data ?? rightSections(source.value, parsed.error?.issues ?? [])
  checkSections(sections, report, (path) => `${pathText(path)} (line ${source.lineOf(path)})`)
  if (parsed.success && mistakes.length === 0) return { policy: toPolicy(parsed.data, text, fileName), mistakes: [] }
  return { policy: undefined, mistakes: mistakes.sort((a, b) => a.line - b.line) }
}

/**
 * What is wrong with the app ids that rules and exemptions name, one message each: a policy is read without the
 * signatures, so whoever has both asks.
 */
export function checkApps(policy: Policy, ids: readonly string[]): readonly string[] {
  const known = new Set([...ids, OTHER_GATEWAY.id])
  const scopes = [
    ...policy.rules.map((rule) => ({ kind: 'rule', ...rule })),
    ...policy.exemptions.map((exemption) => ({ kind: 'exemption', ...exemption })),
  ]
  return scopes.flatMap(({ kind, name, apps }) =>
    apps
      .filter((app) => !known.has(app))
      .map((app) => {
        const advice = didYouMean(app, ids) || ': `offchannel signatures list` shows those there are'
        return `${kind} "${name}": no signature has the app id ${JSON.stringify(app)}${advice}`
      }),
  )
}

/** The sections without mistakes of their own, so that one wrong key hides no mistake elsewhere. */
function rightSections(value: unknown, issues: readonly { readonly path: readonly PropertyKey[] }[]): Sections {
  const wrong = new Set(issues.map(({ path }) => path[0]))
  const right = Object.entries(policyFile.shape)
    .filter(([key]) => !wrong.has(key))
    .map(([key, schema]) => [key, schema.safeParse((value as Readonly<Record<string, unknown>>)[key]).data])
  return Object.fromEntries(right) as Sections
}

function toPolicy(file: PolicyFile, text: string, fileName: string): Policy {
  return {
    organisation: file.organisation,
    // `checkSections` has found it right.
    inForce: parseInForce(file['in-force'], file.timezone) as Micros,
    inForceText: file['in-force'],
    timezone: file.timezone,
    sites: file.sites,
    networks: file.networks.map(({ site = '', ...network }) => ({ ...network, site })),
    gateways: file.gateways.map(({ name, addresses, names }) => ({ name, cidrs: addresses, names })),
    exclusions: { cidrs: file.exclusions.networks, users: file.exclusions.users },
    inputs: file.inputs.map(({ site = '', gateway = '', ...input }) => ({ ...input, site, gateway })),
    clockTolerance: file['clock-tolerance'] * MICROS_PER_MINUTE,
    registers: file.registers.map(({ group = '', ...register }) => ({ ...register, group })),
    groups: file.groups.map((group) => ({ ...group, members: new Set<string>() })),
    rules: placeRules(file, () => {}).map(({ rule, version, ...period }) => ({
      ...scopeOf(rule, period),
      ruling: rule.ruling,
      version,
    })),
    exemptions: file.exemptions.map((exemption) => ({
      ...scopeOf(exemption, periodOf(exemption, ALWAYS, file.timezone, [], () => {})!),
      approver: exemption.approver,
      reference: exemption.reference,
    })),
    severity: file.severity?.map(toSeverityRow),
    hash: createHash('sha256').update(text).digest('hex'),
    file: fileName,
  }
}

const ALWAYS: Period = { from: 0, until: LAST_TIME }

function scopeOf(scope: PolicyFile['rules'][number] | PolicyFile['exemptions'][number], period: Period): PolicyScope {
  const { name, apps, categories, networks, groups, routes, weekly, from = '', until = '', reason = '' } = scope
  return {
    ...{ name, apps, categories, networks, groups, routes, weekly },
    from: period.from,
    until: period.until,
    fromText: from,
    untilText: until,
    splitTunnel: scope['split-tunnel'],
    reason,
  }
}
