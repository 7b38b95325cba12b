import { createHash } from 'node:crypto'
import type { Register, RegisterDeclaration, Registered, Registers } from '../model/register.ts'
import type { Clients } from './clients.ts'
import { type RegisterRow, refused, registerRows } from './register-rows.ts'

/** A register as the policy declares it, and what its file holds. */
export interface RegisterText {
  readonly declaration: RegisterDeclaration
  readonly text: string
}

/**
 * The entries of registers under the store's pseudonyms. Throws `policy_invalid`, with both places, where two entries
 * name one subject and do not say the same of it; one that names no group does not contradict one that does.
 */
export function joinRegisters(texts: readonly RegisterText[], clients: Clients): Registers {
  const subjects = new Map<string, Registered>()
  const places = new Map<string, string>()
  const list = texts.map(({ declaration, text }): Register => {
    const { name, holds, scope } = declaration
    const entries: (readonly string[])[] = []
    let nameless = 0
    for (const row of rowsOf(declaration, text)) {
      const names = subjectsOf(row, declaration, clients)
      if (names.length === 0) nameless++
      else entries.push(names)
      for (const subject of names) {
        const entry = { register: name, scope, group: groupOf(row, declaration) }
        const before = subjects.get(subject)
        if (before !== undefined && contradicts(before, entry)) {
          const other = `${places.get(subject)} (${saidBy(before)})`
          throw refused(row.place, `says ${saidBy(entry)} of a subject that stands in ${other}: correct one of the two`)
        }
        if (before === undefined || before.group === '') {
          subjects.set(subject, before === undefined ? entry : { ...before, group: entry.group })
          places.set(subject, row.place)
        }
      }
    }
    return { name, holds, scope, entries, nameless }
  })
  return { list, subjects, hash: hashOf(subjects) }
}

function rowsOf({ file, fields, group }: RegisterDeclaration, text: string): readonly RegisterRow[] {
  return registerRows(text, file, group === '' ? fields : [...fields, group])
}

function subjectsOf(
  { values }: RegisterRow,
  { holds, fields }: RegisterDeclaration,
  clients: Clients,
): readonly string[] {
  const names = values.slice(0, fields.length).flat()
  const known = names.flatMap((name) => (holds === 'users' ? clients.user(name) : clients.device(name)) ?? [])
  return [...new Set(known.map(({ kind, tag }) => `${kind}-${tag}`))]
}

function groupOf({ values }: RegisterRow, { group }: RegisterDeclaration): string {
  return group === '' ? '' : values.at(-1)![0]!.trim().slice(0, 200)
}

function contradicts(a: Registered, b: Registered): boolean {
  return a.scope !== b.scope || (a.group !== b.group && a.group !== '' && b.group !== '')
}

function saidBy({ scope, group }: Registered): string {
  return group === '' ? scope : `${scope}, ${JSON.stringify(group)}`
}

function hashOf(subjects: ReadonlyMap<string, Registered>): string {
  const sorted = [...subjects].sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
}
