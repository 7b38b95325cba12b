/** The longest user name that is kept: longer ones are cut, so that no input can make a name of any size. */
const USER_NAME_LIMIT = 256

/**
 * One spelling for one user: lower case, `DOMAIN\alice` as `alice@domain`, Unicode in NFC, no space around. '' and `-`,
 * which logs write for nobody, give ''.
 */
export function canonicalUser(text: string): string {
  const name = text.trim().toLowerCase().normalize('NFC').slice(0, USER_NAME_LIMIT).trimEnd()
  if (name === '-') return ''
  const backslash = name.indexOf('\\')
  if (backslash <= 0 || name.indexOf('@') >= 0) return name
  return `${name.slice(backslash + 1).trim()}@${name.slice(0, backslash).trim()}`
}
