/** C0 and C1 controls, line separators, and what turns the direction of writing or cannot be seen. */
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/**
 * Text from an input made harmless for a terminal, a log line or a cell: C0 and C1 controls, line separators and
 * bidirectional marks become `\u{…}`. Everything that a person can read stays.
 */
export function harmless(text: string): string {
  return text.replace(HARMFUL, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

/** A value as one line of JSON that says the same, with those characters escaped: JSON itself escapes only some. */
export function harmlessJson(value: unknown): string {
  return harmlessLine(JSON.stringify(value))
}

/** The same of a line that is JSON already. */
export function harmlessLine(json: string): string {
  return json.replace(HARMFUL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** `1,234,567`: loading the locale's own way of writing it costs more than a small sweep. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 name`, `2 names`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : many}`
}

/** `1.5 GB`, in decimal units. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
