import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { judgeStore } from '../../src/judgement.ts'
import type { SignatureSet } from '../../src/model/signature.ts'
import { Store } from '../../src/store/store.ts'
import type { InputOutcome } from '../../src/sweep/outcome.ts'
import { type SweepOptions, sweep } from '../../src/sweep/sweep.ts'
import { made } from '../classify/made.ts'
import { dump } from '../store/dump.ts'
import { OPTIONS, temporaryFolder, temporaryStore } from '../store/made.ts'

/** Matches nearly every name. */
export const SIGNATURES: SignatureSet = {
  signatures: [made('app', 'suffix example', 'suffix com'), made('other', 'suffix net', 'suffix org')].map((one) => ({
    ...one,
    indicators: one.indicators.map((indicator) => ({ ...indicator, strength: 'distinctive' })),
  })),
  hash: 's1',
}

/** When every file was written: times without a year are taken by it. */
const WRITTEN = new Date('2026-11-21T12:00:00Z')

/** A folder of inputs with a store, swept and judged pass by pass. */
export class Desk {
  readonly folder = temporaryFolder()
  store: Store = temporaryStore({ identities: 'clear' })

  /** Closes the store and opens it again, as the next run does. */
  restart(): void {
    const { file } = this.store
    this.store.close()
    this.store = Store.open(file, { ...OPTIONS, identities: 'clear' })
    const { store } = this
    onTestFinished(() => store.close())
    store.recover()
  }

  /** Writes a file anew; gives its path. */
  put(name: string, content: string | Uint8Array): string {
    const file = join(this.folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    utimesSync(file, WRITTEN, WRITTEN)
    return file
  }

  /** Adds to a file. */
  add(name: string, content: string | Uint8Array): string {
    const file = join(this.folder, name)
    return this.put(name, Buffer.concat([readFileSync(file), Buffer.from(content)]))
  }

  /** A pass over the files that are named; as a rule without the SHA-256 of all of them. */
  async pass(names: readonly string[], given: Partial<SweepOptions> = {}): Promise<InputOutcome[]> {
    const inputs = names.map((name) => (name === '-' ? name : join(this.folder, name)))
    const signatures = given.signatures ?? SIGNATURES
    const outcomes = await sweep(inputs, {
      ...{ store: this.store, signatures, policy: NO_POLICY, key: Buffer.alloc(32, 7), siteOf: () => '' },
      ...{ standardInput: Readable.from([]), format: undefined, mapping: '', times: {}, again: false, hash: false },
      progress: () => {},
      stopped: () => false,
      ...given,
    })
    judgeStore(this.store, NO_POLICY, signatures)
    return outcomes
  }

  /** What became of each, in a word. */
  async statuses(...names: readonly string[]): Promise<string[]> {
    return (await this.pass(names)).map(({ status, detail }) => (status === 'failed' ? `failed: ${detail}` : status))
  }

  /** Facts, coverage and findings, without the paths of files and how often a finding changed. */
  facts(): Record<string, unknown> {
    const { readings, dirty: _, findings, ...facts } = dump(this.store.file)
    const plain = (text: string) =>
      JSON.parse(text.replaceAll(`${this.folder}/`, '').replaceAll(JSON.stringify(this.folder).slice(1, -1), ''))
    return {
      ...Object.fromEntries(Object.entries(facts).map(([name, lines]) => [name, lines.map(plain)])),
      readings: readings!.map(plain).map(({ sha256: __, file_sha256: ___, ...row }) => row),
      findings: findings!
        .map(plain)
        .map(({ body, ...row }) => ({ ...row, revision: 0, body: { ...JSON.parse(body), revision: 0 } })),
    }
  }
}

/** The facts of a log that was read once, whole, under a name. */
export async function onceWhole(name: string, content: string | Uint8Array, given: Partial<SweepOptions> = {}) {
  const desk = new Desk()
  desk.put(name, content)
  const [outcome] = await desk.pass([name], given)
  return { facts: desk.facts(), outcome: outcome! }
}
