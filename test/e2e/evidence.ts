import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { decryptWith } from '../../src/cli/age.ts'
import { unzipPack } from '../../src/prove/zip.ts'
import { POLICY, SAMPLES, Workplace } from './program.ts'

/** A workplace whose store has the findings of the samples, and a key to sign with. */
export class EvidencePlace extends Workplace {
  /** Ids of the findings that matter. */
  ids: readonly string[] = []
  policy = POLICY

  /** Copies the samples and sweeps them. */
  async sweepSamples(): Promise<void> {
    cpSync(join(SAMPLES, 'captures'), join(this.folder, 'captures'), { recursive: true })
    cpSync(join(SAMPLES, 'logs/day'), join(this.folder, 'logs'), { recursive: true })
    const { report } = await this.sweep(['captures', 'logs', '--policy', POLICY])
    this.ids = report.findings.filter(({ verdicts }) => verdicts[0]!.severity.value !== 'none').map(({ id }) => id)
    this.newSigner('signer')
  }

  newSigner(name: string): void {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.put(`${name}.pem`, privateKey.export({ format: 'pem', type: 'pkcs8' }))
    this.put(`${name}.pub`, publicKey.export({ format: 'pem', type: 'spki' }))
  }

  async review(id: string, author: string, text: string): Promise<void> {
    const { status, stderr } = await this.run(['review', 'note', id, '--text', text, '--author', author])
    if (status !== 0) throw new Error(stderr)
  }

  /** Appends a signed head of the audit log to `heads.ndjson`; `auditor.pub` is of who signs. */
  async signHead(): Promise<void> {
    if (!existsSync(join(this.folder, 'auditor.pem'))) this.newSigner('auditor')
    const { status, stderr } = await this.run(['audit', 'sign', '--key', 'auditor.pem', '--out', 'heads.ndjson'])
    if (status !== 0) throw new Error(stderr)
  }

  /** Makes a pack; its id, and what else was told. */
  async prove(out: string, ...more: readonly string[]): Promise<{ readonly id: string; readonly told: string }> {
    const signed = more.includes('--sign') ? [] : ['--sign', 'signer.pem']
    const { status, stdout, stderr } = await this.run([
      'prove',
      ...this.ids,
      ...['--policy', this.policy, '--out', out],
      ...signed,
      ...more,
    ])
    if (status !== 0) throw new Error(stderr)
    return { id: stdout.trim(), told: stderr }
  }

  /** A new age recipient; `open` has its key. */
  async newRecipient(): Promise<string> {
    const identity = await generateIdentity()
    this.put('reader.txt', `${identity}\n`)
    return identityToRecipient(identity)
  }

  /** Opens a pack for that recipient into a folder. */
  async open(pack: string, folder: string): Promise<void> {
    const zip = await decryptWith(join(this.folder, 'reader.txt'), this.read(pack))
    const { files } = await unzipPack(zip, pack)
    for (const [path, bytes] of files) this.put(join(folder, path), bytes)
  }

  /** Verifies; what failed, and all that was checked. */
  async verify(pack: string, ...more: readonly string[]): Promise<Verified> {
    const { status, stdout, stderr } = await this.run(['verify', pack, ...more, '--json'])
    return {
      status,
      stderr,
      ...(stdout === '' ? { checks: [], names: [] } : (JSON.parse(stdout) as Omit<Verified, 'status' | 'stderr'>)),
    }
  }

  read(...path: readonly string[]): Buffer {
    return readFileSync(join(this.folder, ...path))
  }

  /** The files of a folder, by path. */
  files(folder: string): Map<string, Uint8Array> {
    const all = readdirSync(join(this.folder, folder), { recursive: true, withFileTypes: true })
    const files = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    const root = join(this.folder, folder)
    return new Map(files.map((file) => [file.slice(root.length + 1), readFileSync(file)]))
  }
}

export interface Verified {
  readonly status: number | null
  readonly stderr: string
  readonly checks: readonly { readonly what: string; readonly outcome: string; readonly detail: string }[]
  readonly names: readonly {
    readonly position: number
    readonly offchannel: readonly { readonly name: string }[]
    readonly tshark?: readonly string[]
  }[]
}

/** Whether a program of the system is there. */
export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
