import { CATEGORIES, type Category, type Signature } from '../../src/model/signature.ts'

const TITLES: Readonly<Record<Category, string>> = {
  messaging: 'Messaging',
  conferencing: 'Conferencing',
  collaboration: 'Collaboration',
  social: 'Messages in social networks',
  'private-mail': 'Private mail',
  'file-sharing': 'File sharing',
  concealment: 'Concealment',
  'government-vpn': 'VPNs of organisations',
}

/** `docs/apps.md`: what can be recognised, by category, as the signature files say it. */
export function appsPage(signatures: readonly Signature[]): string {
  const parts = [
    '# Apps',
    'What can be recognised, and what each app can be seen by. `offchannel signatures list` prints the same as a table; ' +
      '[signatures.md](signatures.md) says how an app is described and what *proved* means. Whether one is prohibited is ' +
      'for the [policy](policy.md).',
  ]
  for (const category of CATEGORIES) {
    const apps = signatures.filter((signature) => signature.category === category)
    const rows = apps.map((app) => `| \`${app.id}\` | ${app.name} | ${standing(app)} | ${app.description ?? ''} |`)
    parts.push(`## ${TITLES[category]}`, ['| id | app | | what shows it |', '|---|---|---|---|', ...rows].join('\n'))
  }
  return `${parts.join('\n\n')}\n`
}

function standing({ status, retiredOn, maturity }: Signature): string {
  return status === 'retired' ? `retired ${retiredOn}` : maturity
}
