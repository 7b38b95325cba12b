import { formatDay } from '../base/time.ts'
import type { PackContents } from './contents.ts'

/** The page for whoever is handed a pack and knows none of this. */
export function packReadme(id: string, { level, findings, policy, version }: PackContents): string {
  const list = findings.map(
    ({ finding: { id: finding, appName, client, day, verdicts } }) =>
      `  ${finding}  ${appName}, ${client}, ${formatDay(day)}, severity ${verdicts[0]?.severity.value ?? 'none'}`,
  )
  const gaps = findings.reduce((sum, { missing, leftOut }) => sum + missing.length + leftOut, 0)
  return `EVIDENCE PACK

Pack:          ${id}
Organisation:  ${policy.organisation}
Made by:       offchannel ${version}
Level:         ${LEVELS[level]}

What it is about:

${list.join('\n')}

What is in it

  data/findings/    each finding: as text with its reasons, what was said of it, and as data
                    with its earlier revisions and reviews
  data/frames/      the network packets that the findings rest on, as capture files, and index.json: where each came from
  data/lines/       the log records that they rest on, and index.json: where each came from
  data/custody.json each input: its name, length and hashes, when and with which version pieces were taken from it
  data/policy.json  the rules that the findings were judged by; of exemptions of other people only the conditions
  data/signatures.json  what the program takes for a sign of each app
  data/audit/       from the log of what was done to the store: the entries that concern these findings (entries.txt), of
                    all others in between only a hash (chain.txt), and the signed heads that the log can be held against
  manifest-*.txt, tagmanifest-*.txt   the hash of every file
  signature/        the signature over tagmanifest-sha512.txt, and a time-stamp where there is one

${gaps === 0 ? 'Every frame and line that the findings cite is in the pack or in an index as withheld.' : `${gaps} frames or lines that the findings cite are not in the pack: data/findings/*.json say which and why.`}

What it shows, and what it does not

  It shows that these packets and records were in inputs with these hashes when they were taken, that nothing in this pack
  was changed since it was signed, and which rule made what of them. It does not show who held a device, what was written
  or said (that is encrypted), or that the clock of an input was right. A signature shows who vouches for the pack, if
  the signer's public key came to you by another way than the pack; it does not show that the inputs were genuine.

How to check it

  offchannel verify PACK --key SIGNER.pub --id ${id}

  Without offchannel: docs/evidence.md of the program tells how sha256sum, openssl or ssh-keygen, and tshark do it.
`
}

const LEVELS = {
  pseudonymous: 'pseudonymous: addresses and people in frames and lines are replaced, the same one always alike',
  identified: 'identified: frames and lines are as they were',
}
