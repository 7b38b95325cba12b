import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Finding } from '../../src/model/finding.ts'
import { temporaryFolder } from '../store/made.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const PROGRAM = join(ROOT, 'bin/offchannel.js')
export const SAMPLES = join(ROOT, 'samples')
export const POLICY = join(SAMPLES, 'policy.yaml')

export interface Ended {
  /** Null where a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The program as a process that runs, its standard input open. */
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly ended: Promise<Ended>
}

export interface RunOptions {
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
  /** For Node, in front of the program. */
  readonly nodeOptions?: readonly string[]
}

/** Starts what the build made, as a shell would. */
export function start(args: readonly string[], { cwd, environment = {}, nodeOptions = [] }: RunOptions): Running {
  const child = spawn(process.execPath, [...nodeOptions, PROGRAM, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: 'pipe',
  })
  // It may end, or be killed, before it has read all of its input.
  child.stdin.on('error', () => {})
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
  })
  return { child, ended }
}

/** What `sweep --json` and `judge --json` print. */
export interface Report {
  readonly identities: string
  readonly inputs: readonly { readonly input: string; readonly status: string; readonly detail?: string }[]
  readonly findings: readonly Finding[]
  readonly judged: { readonly scope: string; readonly subjectDays: number }
  readonly coverage: readonly { readonly reason: string; readonly count: number; readonly inputs: number }[]
}

/** An empty folder to run the program in, with its store at the default place; gone when the test has ended. */
export class Workplace {
  readonly folder = temporaryFolder()
  readonly store = join(this.folder, 'offchannel.db')

  /** Puts a file there. */
  put(name: string, content: string | Uint8Array): void {
    const file = join(this.folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  start(args: readonly string[], options: Omit<RunOptions, 'cwd'> = {}): Running {
    return start(args, { cwd: this.folder, ...options })
  }

  /** Runs the program to its end, on this standard input. */
  run(args: readonly string[], input: string | Uint8Array = ''): Promise<Ended> {
    const { child, ended } = this.start(args)
    child.stdin.end(input)
    return ended
  }

  /** Sweeps; what it printed as JSON, and how it ended. */
  async sweep(args: readonly string[], input: string | Uint8Array = ''): Promise<Ended & { readonly report: Report }> {
    const ended = await this.run(['sweep', ...args, '--json'], input)
    return { ...ended, report: JSON.parse(ended.stdout) as Report }
  }
}

/** `name: what became of it` of every input. */
export function statuses({ inputs }: Report): string[] {
  return inputs.map(({ input, status }) => `${input}: ${status}`)
}
