import type { Policy } from '../model/policy.ts'

/** The policy's groups that a subject is in, by its name in facts and its directorate in the registers ('' for none). */
export function groupsOf({ groups }: Policy, subject: string, directorate = ''): ReadonlySet<string> {
  const theirs = groups.filter(
    ({ members, directorates }) => members.has(subject) || (directorate !== '' && directorates.includes(directorate)),
  )
  return new Set(theirs.map(({ name }) => name))
}
