import { verify as checkSignature, type X509Certificate } from 'node:crypto'
import { messageOf } from '../base/errors.ts'
import { bagMistakes, folderOf, PAYLOAD, type PackFiles, packIdOf, SIGNED_FILE, sha256 } from './bag.ts'
import type { Level } from './contents.ts'
import { type ReadIndex, readIndex } from './index-schema.ts'
import { publicKeyOf, type Signer } from './keys.ts'
import { RAW_SIGNATURE, SSH_SIGNATURE } from './pack.ts'
import { sshFingerprint, sshVerify } from './sshsig.ts'
import { checkTimeStamp } from './time-stamp.ts'

/** holds; fails; or it could not be checked. */
export type Outcome = 'holds' | 'fails' | 'not checked'

/** One thing that was checked, and what came of it in a sentence. */
export interface Check {
  readonly what: string
  readonly outcome: Outcome
  readonly detail: string
}

/** What a pack is held against, obtained otherwise than with it. */
export interface Expected {
  readonly signer?: Signer | undefined
  readonly id?: string | undefined
  /** Certificates that time-stamps must lead to. */
  readonly authorities?: readonly X509Certificate[] | undefined
}

/** A pack as it was found: its files, and the folder of a zip that they lay in. */
export interface FoundPack {
  readonly files: PackFiles
  readonly folder?: string | undefined
}

/** What a pack says once its files are held against its manifests and its signature. */
export interface CheckedPack {
  readonly id: string
  readonly level: Level | undefined
  readonly checks: readonly Check[]
  /** Undefined where it cannot be read. */
  readonly index: ReadIndex | undefined
}

const STAMP = /^signature\/time-stamp-([0-9a-f]{16})\.tsr$/

/** Where a time-stamp lies in a pack: its name holds the beginning of its hash, since nothing else vouches for it. */
export function timeStampPath(reply: Uint8Array): string {
  return `signature/time-stamp-${sha256(reply).slice(0, 16)}.tsr`
}

/** Checks files, id, signature and time-stamp. Nothing that a pack holds makes it throw. */
export function checkPack({ files, folder }: FoundPack, expected: Expected): CheckedPack {
  const id = packIdOf(files)
  const checks: Check[] = []
  const add = (what: string, outcome: Outcome, detail: string) => checks.push({ what, outcome, detail })
  const mistakes = [...bagMistakes(files, isOfSignature), ...strangers(files)]
  for (const mistake of mistakes) add('files', 'fails', mistake)
  if (mistakes.length === 0) {
    const payload = [...files.keys()].filter((path) => path.startsWith(PAYLOAD)).length
    add('files', 'holds', `all ${files.size} files, ${payload} of them payload, are those of the manifests`)
  }
  if (expected.id === undefined) add('id', 'not checked', `it is ${id}: compare it with the one you were told`)
  else if (expected.id === id) add('id', 'holds', id)
  else add('id', 'fails', `it is ${id}, not ${expected.id}: this is another pack, or it was changed`)
  if (folder !== undefined && folder !== folderOf(id)) add('files', 'fails', `its folder ${folder} is of another pack`)
  checks.push(...signatureChecks(files, expected.signer), ...stampChecks(files, expected.authorities))
  let index: ReadIndex | undefined
  try {
    index = readIndex(files)
  } catch (thrown) {
    add('index', 'fails', messageOf(thrown))
  }
  return { id, level: index?.head.level, checks, index }
}

function isOfSignature(path: string): boolean {
  return path.startsWith('signature/')
}

function strangers(files: PackFiles): string[] {
  const stamps = [...files.keys()].filter((path) => STAMP.test(path))
  const known = new Set([RAW_SIGNATURE, SSH_SIGNATURE, ...stamps])
  const added = [...files.keys()].filter((path) => isOfSignature(path) && !known.has(path))
  return added.map((path) => `${path}: was added or renamed: no pack has such a file`)
}

function signatureChecks(files: PackFiles, signer: Signer | undefined): Check[] {
  const what = 'signature'
  const signed = files.get(SIGNED_FILE)
  const [raw, armour] = [files.get(RAW_SIGNATURE), files.get(SSH_SIGNATURE)]
  const checks: Check[] = []
  const fail = (detail: string) => checks.push({ what, outcome: 'fails', detail })
  if (raw === undefined && armour === undefined) {
    const asked = signer !== undefined
    return [{ what, outcome: asked ? 'fails' : 'not checked', detail: 'the pack is not signed' }]
  }
  if (raw === undefined) fail(`${RAW_SIGNATURE}: is missing`)
  if (armour === undefined) fail(`${SSH_SIGNATURE}: is missing`)
  const key = signed && armour && sshVerify(signed, Buffer.from(armour).toString('latin1'))
  if (armour !== undefined && key === undefined) fail(`${SSH_SIGNATURE}: is no signature of ${SIGNED_FILE}`)
  const maker = key ?? (signer !== undefined && 'key' in signer ? signer.key : undefined)
  if (signed && raw && maker && !holds(signed, maker, raw)) fail(`${RAW_SIGNATURE}: is no signature by that key`)
  if (key === undefined) return checks
  const fingerprint = sshFingerprint(key)
  if (signer === undefined) {
    const detail = `by the key ${fingerprint}, which came with the pack: give the signer's key, obtained otherwise, with --key`
    return [...checks, { what, outcome: 'not checked', detail }]
  }
  const same = 'key' in signer ? signer.key.equals(key) : signer.fingerprint === fingerprint
  if (!same) fail(`it is by another key, ${fingerprint}, than the one that was given`)
  if (checks.length === 0) checks.push({ what, outcome: 'holds', detail: `by the key that was given, ${fingerprint}` })
  return checks
}

function holds(message: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
  try {
    return checkSignature(null, message, publicKeyOf(key), signature)
  } catch {
    return false
  }
}

function stampChecks(files: PackFiles, authorities: readonly X509Certificate[] | undefined): Check[] {
  const what = 'time-stamp'
  const stamps = [...files].filter(([path]) => STAMP.test(path))
  if (stamps.length === 0) {
    const outcome = authorities === undefined ? 'not checked' : 'fails'
    return [{ what, outcome, detail: 'the pack has none' }]
  }
  return stamps.map(([path, reply]): Check => {
    if (timeStampPath(reply) !== path)
      return { what, outcome: 'fails', detail: `${path}: its hash is not that of its name` }
    const signature = files.get(RAW_SIGNATURE)
    if (signature === undefined)
      return { what, outcome: 'fails', detail: `${path}: the signature that it stamps is missing` }
    try {
      const { time, authority, trusted } = checkTimeStamp(reply, signature, authorities)
      const said = `the signature was there at ${time}, says ${authority}`
      if (trusted === true) return { what, outcome: 'holds', detail: said }
      if (trusted === false) {
        return {
          what,
          outcome: 'fails',
          detail: `${path}: its certificate leads to none that you trust, or was not valid then`,
        }
      }
      return { what, outcome: 'not checked', detail: `${said}: give the authority's certificate with --authority` }
    } catch (thrown) {
      return { what, outcome: 'fails', detail: `${path}: ${messageOf(thrown)}` }
    }
  })
}
