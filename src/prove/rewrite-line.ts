import type { Pseudonyms } from './pseudonyms.ts'

/** Shorter names are words of any line. */
const NAME_LENGTH = 3

/** Longer lines are not rewritten: nobody would look through them either. */
const LINE_LIMIT = 64 * 1024

/**
 * A log line with other names for people, addresses and MACs, and without what URLs ask for; a byte a character. Undefined for
 * one that is no text or too long, whose bytes are not understood.
 */
export function rewriteLine(line: string, people: readonly string[], pseudonyms: Pseudonyms): string | undefined {
  if (line.length > LINE_LIMIT || /[\x00-\x08\x0e-\x1f]/.test(line)) return undefined
  let text = line.replace(/(https?:\/\/[^\s?"']{1,2000}\?)[^\s"']*/g, '$1...')
  text = text.replace(MAC, (mac) => dressed(mac, pseudonyms.mac(mac.replace(/[^0-9a-f]/gi, ''))))
  text = text.replace(ADDRESS, (address) => pseudonyms.address(address))
  text = text.replace(MAIL, (mail) => pseudonyms.person(mail))
  for (const name of namesOf(people)) {
    const pattern = new RegExp(`(?<![A-Za-z0-9])${escaped(name)}(?![A-Za-z0-9])`, 'gi')
    text = text.replace(pattern, (found) => pseudonyms.person(found))
  }
  return text.replace(DOMAIN_USER, (user) => pseudonyms.person(user))
}

const MAC =
  /(?<![0-9A-Fa-f:.-])(?:(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})(?![0-9A-Fa-f:.-])/g
const ADDRESS = /(?<![0-9A-Za-z.])(?:\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.]{0,15})/g
const MAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}/g
const DOMAIN_USER = /(?<![\w\\])[A-Za-z][\w-]{1,30}\\{1,2}[A-Za-z][\w.-]{1,62}/g

/** As written, and the part that is the person's own; the longest first, so that no part of one stays. */
function namesOf(people: readonly string[]): readonly string[] {
  const all = people.flatMap((name) => [name, name.split(/[\\/]/).at(-1)!, name.split('@')[0]!])
  return [...new Set(all)].filter((name) => name.length >= NAME_LENGTH).sort((a, b) => b.length - a.length)
}

function escaped(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Twelve digits with the separators of another. */
function dressed(like: string, digits: string): string {
  let at = 0
  return like.replace(/[0-9a-f]/gi, () => digits[at++]!)
}
