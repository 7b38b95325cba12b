import { z } from 'zod'
import type { PackFiles } from './bag.ts'
import { CUSTODY_FILE, FRAME_INDEX, LINE_INDEX, PACK_FILE, PACK_FORMAT } from './pack-index.ts'

const count = z.number().int().nonnegative()
const text = z.string().max(4096)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const names = z.array(z.object({ means: text, name: text }))
const origin = {
  ...{ input: count, position: count, offset: z.number().int(), original: hash },
  ...{ roles: z.array(z.enum(['cited', 'part', 'answer', 'session', 'tunnel'])), findings: z.array(text) },
}
const withheld = z.array(z.object({ ...origin, reason: text }))

const frame = z.object({
  ...origin,
  ...{ file: text, frame: count, at: count, capturedLength: count, wireLength: count, time: count },
  ...{ sha256: hash, names },
})
const line = z.object({ ...origin, file: text, line: count, at: count, length: count, sha256: hash, names })

const head = z.object({
  format: z.literal(PACK_FORMAT),
  level: z.enum(['pseudonymous', 'identified']),
  findings: z.array(text),
  program: z.object({ name: z.literal('offchannel'), version: text, runtime: text }),
})
const content = z.object({ length: count, sample: hash, sha256: hash.optional() })
const custody = z.array(
  z.object({
    ...{ number: count, input: text, kind: z.enum(['capture', 'log']), format: text, version: text },
    content: content.optional(),
    fileSha256: hash.optional(),
  }),
)

export type ReadFrame = z.infer<typeof frame>
export type ReadLine = z.infer<typeof line>
export type ReadCustody = z.infer<typeof custody>[number]

/** The parts of a pack that say what is where, checked: a pack is somebody else's. */
export interface ReadIndex {
  readonly head: z.infer<typeof head>
  readonly custody: readonly ReadCustody[]
  readonly frames: { readonly pieces: readonly ReadFrame[]; readonly withheld: z.infer<typeof withheld> }
  readonly lines: {
    readonly files: readonly { readonly file: string; readonly format: string }[]
    readonly pieces: readonly ReadLine[]
    readonly withheld: z.infer<typeof withheld>
  }
}

/** Reads them. Throws with the file that is missing or not what a pack has. */
export function readIndex(files: PackFiles): ReadIndex {
  return {
    head: parsed(files, PACK_FILE, head),
    custody: parsed(files, CUSTODY_FILE, custody),
    frames: parsed(files, FRAME_INDEX, z.object({ pieces: z.array(frame), withheld })),
    lines: parsed(
      files,
      LINE_INDEX,
      z.object({ files: z.array(z.object({ file: text, format: text })), pieces: z.array(line), withheld }),
    ),
  }
}

function parsed<T>(files: PackFiles, path: string, schema: z.ZodType<T>): T {
  const bytes = files.get(path)
  if (bytes === undefined) throw new Error(`${path}: is missing`)
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString()))
  } catch {
    throw new Error(`${path}: is not what a pack has there`)
  }
}
