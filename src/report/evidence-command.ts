import { harmless } from '../base/text.ts'
import type { Evidence } from '../model/finding.ts'

/** Frames or lines that one command shows. */
const SHOWN_LIMIT = 8

/**
 * The commands with which a POSIX shell shows cited frames or lines by another tool, one for each input: tshark
 * (https://www.wireshark.org/docs/man-pages/tshark.html) for captures, sed for logs. None for standard input.
 */
export function evidenceCommands(evidence: readonly Evidence[]): readonly string[] {
  const byInput = Map.groupBy(evidence, ({ input }) => input)
  return [...byInput].flatMap(([input, cited]) => {
    if (input === '-') return []
    const positions = [...new Set(cited.flatMap(({ firstAt, lastAt }) => [firstAt, lastAt]).filter((at) => at > 0))]
    const shown = positions.slice(0, SHOWN_LIMIT).sort((a, b) => a - b)
    const file = shellWord(input.startsWith('-') ? `./${input}` : input)
    if (cited[0]!.unit === 'frame') {
      return [`tshark -r ${file} -Y '${shown.map((frame) => `frame.number == ${frame}`).join(' || ')}'`]
    }
    const lines = `sed -n '${shown.map((line) => `${line}p`).join(';')}'`
    const unpack = Object.entries(UNPACK).find(([ending]) => input.toLowerCase().endsWith(ending))?.[1]
    return [unpack === undefined ? `${lines} ${file}` : `${unpack} ${file} | ${lines}`]
  })
}

const UNPACK: Readonly<Record<string, string>> = { '.gz': 'gzip -dc', '.zst': 'zstd -dc' }

/**
 * A text as one word of a shell, whatever it holds; within `$'…'` where it has what could steer a terminal
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_04).
 */
function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (harmless(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`
  const bytes = [...text].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`
    return harmless(character) === character ? character : octal(character)
  })
  return `$'${bytes.join('')}'`
}

/** Octal escapes end after three digits; those of `\x` go on for as long as digits follow. */
function octal(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
