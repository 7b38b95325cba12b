import { canonicalDevice } from '../base/device-name.ts'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { formatMinute, MICROS_PER_QUARTER } from '../base/time.ts'
import { canonicalUser } from '../base/user-name.ts'
import type { PolicyAnswer } from '../judge/explain.ts'
import type { Policy } from '../model/policy.ts'
import { SEVERITY_STYLE } from '../report/style.ts'
import { loadRules } from './options.ts'
import type { ExplainOptions } from './policy-explain-options.ts'
import type { Terminal } from './terminal.ts'

/** Answers from the policy alone; throws `usage` where the question names what is not there. */
export async function explain(file: string, options: ExplainOptions, terminal: Terminal): Promise<void> {
  const [{ explainPolicy, parseQuarter }, { signatures, policy }] = await Promise.all([
    import('../judge/explain.ts'),
    loadRules({ ...options, policy: file }, terminal),
  ])
  const app = signatures.signatures.find(({ id }) => id === options.app)
  if (app === undefined) throw refused('app', options.app, '`offchannel signatures list` shows those there are')
  const { network = '', subject = '', directorate = '' } = options
  const names = policy.networks.map(({ name }) => name)
  if (network !== '' && !names.includes(network)) {
    throw refused('network', network, `the policy has ${names.length === 0 ? 'none' : names.join(', ')}`)
  }
  const quarter = parseQuarter(options.time, policy.timezone)
  if (typeof quarter === 'string') throw new OffchannelError('usage', `--time: ${harmless(quarter)}`)
  const groups = groupsNamed(policy, subject, directorate)
  const answer = explainPolicy(policy, { app, quarter, network, groups: new Set(groups), route: options.route })
  const excluded = policy.exclusions.users.includes(canonicalUser(subject))
  const noFinding = excluded ? 'The policy excludes this user: nothing is kept.' : answer.noFinding
  const time = `${formatMinute(quarter * MICROS_PER_QUARTER).replace(' ', 'T')}Z`
  const question = { subject, groups, app: app.id, category: app.category, time, network }
  if (options.json) {
    terminal.json({ ...question, ...answer, noFinding })
    return
  }
  const asked = `${subject === '' ? 'Whoever' : subject}, ${app.name} (${app.category}), quarter-hour from ${time}`
  terminal.out(terminal.style('bold', harmless(asked)))
  for (const line of answerLines({ ...answer, noFinding }, network, groups, terminal)) terminal.out(line)
}

function groupsNamed({ groups }: Policy, subject: string, directorate: string): readonly string[] {
  const user = canonicalUser(subject)
  const device = canonicalDevice(subject)
  return groups
    .filter(
      ({ users, devices, directorates }) =>
        users.includes(user) ||
        devices.some((name) => device !== '' && canonicalDevice(name) === device) ||
        directorates.includes(directorate),
    )
    .map(({ name }) => name)
}

function answerLines(
  { route, bypass, ruling, rules, exemptions, severity, noFinding }: PolicyAnswer,
  network: string,
  groups: readonly string[],
  terminal: Terminal,
): readonly string[] {
  const list = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, ...lines])
  return [
    `  network   ${network === '' ? 'none that the policy knows' : network}`,
    `  groups    ${groups.length === 0 ? 'none' : groups.join(', ')}`,
    `  route     ${route}${bypass ? ', a bypass of the VPN' : ''}`,
    `  ruling    ${terminal.style('bold', ruling.value)}: ${ruling.reason}`,
    ...list(
      '  rules, in the order in which they are asked',
      rules.map(({ name, reason }) => `    ${name}: ${reason}`),
    ),
    ...list(
      '  exemptions looked at',
      exemptions.map(({ name, reason }) => `    ${name}: ${reason}`),
    ),
    ...(noFinding === '' ? [] : [`  no finding: ${noFinding}`]),
    '  severity, where somebody is seen writing',
    ...severity.map(({ of, severity: { value, rule, reason } }) => {
      const shown = terminal.style(SEVERITY_STYLE[value], value.padEnd(6))
      return `    ${of.padEnd(10)} ${shown} ${reason} ${terminal.style('dim', `[${rule}]`)}`
    }),
  ]
}

function refused(what: string, name: string, advice: string): OffchannelError {
  return new OffchannelError('usage', `--${what} ${harmless(name)}: there is no such ${what}: ${advice}`)
}
