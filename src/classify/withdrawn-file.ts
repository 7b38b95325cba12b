import { isSeq, parseDocument } from 'yaml'
import { z } from 'zod'
import type { Withdrawal } from './withdrawal.ts'
import { readYamlFile, type SignatureProblem } from './yaml-file.ts'

/** The file of a folder of signatures that takes indicators back; it is no signature. */
export const WITHDRAWN_FILE = 'withdrawn.yaml'

const withdrawnFile = z
  .array(
    z.strictObject(
      {
        indicator: z
          .string()
          .regex(
            /^[a-z0-9-]+ [a-z0-9-]+ \S+$/,
            'is no indicator: write app, type and value, as "chat exact a.example"',
          ),
        reason: z.string().trim().min(1, 'is empty: say why'),
        date: z.iso.date('is not a date: write it as 2026-11-21'),
      },
      { error: ({ input }) => (input === undefined ? 'is missing' : undefined) },
    ),
    'is not a list of withdrawn indicators',
  )
  .superRefine((entries, context) => {
    const seen = new Set<string>()
    for (const [i, { indicator }] of entries.entries()) {
      if (seen.has(indicator)) context.addIssue({ code: 'custom', path: [i, 'indicator'], message: 'stands twice' })
      seen.add(indicator)
    }
  })

/** Reads a file of withdrawn indicators; an empty one has none. Never throws on what is in it. */
export function readWithdrawals(content: string): {
  readonly withdrawals: readonly Withdrawal[]
  readonly problems: readonly SignatureProblem[]
} {
  const { plain, problems, locate } = readYamlFile(WITHDRAWN_FILE, content)
  if (problems.length > 0) return { withdrawals: [], problems }
  const result = withdrawnFile.safeParse(plain ?? [], {
    error: ({ input }) => (input === undefined ? 'is missing' : undefined),
  })
  if (result.success) return { withdrawals: result.data, problems: [] }
  const found = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a key of this file' }))
      : [{ path: issue.path, message: issue.message }],
  )
  return { withdrawals: [], problems: found.map(locate) }
}

/** The text of such a file ('' where there is none yet) with more entries; comments and order in it stay. */
export function addWithdrawals(text: string, withdrawals: readonly Withdrawal[]): string {
  const document = parseDocument(text === '' ? HEADER : text)
  if (!isSeq(document.contents)) document.contents = document.createNode([]) as never
  for (const { indicator, reason, date } of withdrawals) document.add({ indicator, reason, date })
  return document.toString({ lineWidth: 0 })
}

const HEADER = '# Indicators that were taken back: they match nothing, and what was seen of them raises nothing.\n'
