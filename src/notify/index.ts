import { OffchannelError } from '../base/errors.ts'
import type { FileOutput, Output } from '../model/output.ts'
import { file, type NoticeLines } from './file.ts'
import { mail } from './mail.ts'
import type { Receiver, Surroundings } from './receiver.ts'
import { syslog } from './syslog.ts'
import { webhook } from './webhook.ts'

/** What a receiver needs beside its settings: files that were read, the secret, what writes a message for files. */
export interface Equipment extends Surroundings {
  /** The text of a file that an output names. */
  read(file: string): string
  /** The secret of an output that has one. */
  secret(output: Output): string
  /** The forms of files. */
  readonly forms: Readonly<Record<FileOutput['form'], NoticeLines>>
}

type Of<K extends Output['kind']> = Extract<Output, { readonly kind: K }>
type Kinds = { readonly [K in Output['kind']]: (output: Of<K>, equipment: Equipment) => Receiver }

/** Makes a receiver of every kind. */
const receivers: Kinds = {
  syslog: (output, all) => syslog(output, { ...pem(output, all, 'ca', 'certificate', 'key') }, all),
  webhook: (output, all) => webhook(output, webhookKey(all.secret(output)), pem(output, all, 'ca').ca, all),
  mail: (output, all) =>
    mail(output, output.login === undefined ? undefined : all.secret(output), pem(output, all, 'ca').ca),
  file: (output, { forms }) => file(output, forms[output.form]),
}

/** The texts of those of these files that are named. */
function pem<K extends string>(
  files: { readonly [key in K]: string | undefined },
  { read }: Equipment,
  ...keys: readonly K[]
): { readonly [key in K]: string | undefined } {
  const texts = keys.map((key) => [key, files[key] === undefined ? undefined : read(files[key])])
  return Object.fromEntries(texts) as { readonly [key in K]: string | undefined }
}

/** The bytes that a secret of Standard Webhooks stands for: `whsec_`, then 24 to 64 bytes in base64. */
function webhookKey(secret: string): Buffer {
  const written = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1] ?? ''
  const key = Buffer.from(written, 'base64')
  if (key.length >= 24 && key.length <= 64) return key
  const advice = 'make one with: echo "whsec_$(openssl rand -base64 32)"'
  throw new OffchannelError('key_unusable', `the secret is not whsec_ and 24 to 64 bytes in base64: ${advice}`)
}

/** The receiver that a job file names. Throws what its secrets and files throw. */
export function openReceiver(output: Output, equipment: Equipment): Receiver {
  return (receivers[output.kind] as (output: Output, equipment: Equipment) => Receiver)(output, equipment)
}
