import { latin1 } from '../base/bytes.ts'
import type { Chunks } from '../base/chunks.ts'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { Oddities } from '../base/oddities.ts'
import type { Format, LogFormat, LogSample } from '../model/reader.ts'
import { captureFormats } from './capture/index.ts'
import { NOBODY } from './log/claims.ts'
import { logFormats } from './log/index.ts'

/** Every format that can be read, in the order in which help and docs list them. */
export const formats: readonly Format[] = [...captureFormats, ...logFormats]

const SAMPLE_SIZE = 64 * 1024
const CAPTURE_HEAD = 24

/**
 * The one format that claims the beginning of the input, or the one that the operator named. Throws `format_unknown`
 * where none does, `format_ambiguous` where several do, `usage` for a name that is no format's, `input_unreadable`
 * where reading failed at its first byte. An empty input has none.
 */
export async function detectFormat(chunks: Chunks, named?: string | Format): Promise<Format | undefined> {
  if (named !== undefined) return typeof named === 'string' ? formatNamed(named) : named
  // A live capture is recognised by its first bytes: nothing waits for the sample to fill.
  await fill(chunks, CAPTURE_HEAD)
  const head = chunks.bytes.subarray(chunks.start, chunks.end)
  if (head.length === 0) {
    if (chunks.failure === undefined) return undefined
    throw new OffchannelError('input_unreadable', messageOf(chunks.failure), { cause: chunks.failure })
  }
  const capture = captureFormats.find((format) => format.claims(head))
  if (capture !== undefined) return capture
  await fill(chunks, SAMPLE_SIZE)
  const sample = sampleOf(chunks.bytes.subarray(chunks.start, Math.min(chunks.end, chunks.start + SAMPLE_SIZE)))
  const claiming = claimants(sample)
  if (claiming.length === 1) return claiming[0]
  if (claiming.length === 0) {
    if (isUtf16(head)) throw new OffchannelError('format_unknown', 'text in UTF-16: convert it to UTF-8')
    throw new OffchannelError('format_unknown', 'no known format (see `offchannel formats`); name one with --format')
  }
  const names = claiming.map((format) => `${format.name}${firstLine(format, sample)}`).join(', ')
  throw new OffchannelError(
    'format_ambiguous',
    `could be ${names}: name one with --format, or part a file that mixes them`,
  )
}

/** ` (line 4)`, where a format reads the first record of a sample; '' where none stands on one line. */
function firstLine(format: LogFormat, { lines }: LogSample): string {
  // Any year will do for times without one.
  const reader = format.open({ oddities: new Oddities(), year: 2000 })
  const at = lines.findIndex((line) => {
    const bytes = Buffer.from(line, 'latin1')
    return reader.record(bytes, 0, bytes.length, NOBODY) === 'ok'
  })
  return at < 0 ? '' : ` (line ${at + 1})`
}

/** The log formats that claim a sample: a general one only where no product's does. */
export function claimants(sample: LogSample): readonly LogFormat[] {
  const claiming = logFormats.filter((format) => format.claims(sample))
  const specific = claiming.filter(({ general }) => general !== true)
  return specific.length > 0 ? specific : claiming
}

/** The byte order marks (Unicode 16 §23.8), a character a byte. */
const UTF8_MARK = '\xef\xbb\xbf'

function isUtf16(head: Uint8Array): boolean {
  return head.length >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
}

async function fill(chunks: Chunks, size: number): Promise<void> {
  while (chunks.end - chunks.start < size) if (!(await chunks.more())) return
}

/** Throws `usage` for a name that is no format's. */
export function formatNamed(name: string): Format {
  const format = formats.find((candidate) => candidate.name === name)
  if (format !== undefined) return format
  throw new OffchannelError('usage', `--format ${name}: choose from ${formats.map((known) => known.name).join(', ')}`)
}

/** What log formats decide on: the complete lines of the head, without a byte order mark. */
export function sampleOf(head: Uint8Array): LogSample {
  const text = latin1(head, 0, head.length)
  const lines = (text.startsWith(UTF8_MARK) ? text.slice(UTF8_MARK.length) : text).split(/\r?\n/)
  if (lines.length > 1) lines.pop()
  return { bytes: head, lines }
}
