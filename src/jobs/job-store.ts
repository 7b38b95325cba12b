import { z } from 'zod'

const text = z.string().min(1).max(4096)

const keys = z.strictObject({
  file: text,
  identities: z.enum(['pseudonym', 'clear', 'sealed'], { error: 'must be pseudonym, clear or sealed' }).optional(),
  recipients: z
    .array(text)
    .min(1)
    .max(4, { error: 'has more than 4 files: each is a group that must agree' })
    .optional(),
})

/** `store` of a job file: the path alone, or with what identities a new store keeps. */
export const storeSchema = z
  .any()
  .refine((value) => value !== '', { error: 'is empty' })
  .transform((value: unknown) => (typeof value === 'string' ? { file: value } : value))
  .pipe(keys)

export const STORE_KEYS: readonly string[] = Object.keys(keys.shape)

/** Tells of identities that are sealed to nobody, and of recipients of what is not sealed, at the key where it is wrong. */
export function checkStore(
  { identities, recipients }: z.output<typeof storeSchema>,
  report: (path: readonly PropertyKey[], message: string) => void,
): void {
  if (identities === 'sealed' && recipients === undefined) {
    report(['store', 'identities'], 'sealed needs recipients: a list of files of age recipients, a group each')
  }
  if (identities !== 'sealed' && recipients !== undefined) {
    report(['store', 'recipients'], 'goes with identities: sealed: write that, or remove the recipients')
  }
}
