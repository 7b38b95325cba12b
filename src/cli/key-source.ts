import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { keyFileOf, loadKey } from './key.ts'

/** Where the key of a store is to be had from. */
export interface KeyChoice {
  readonly store: string
  /** A file. */
  readonly key?: string
  /** A program and its arguments, whose standard output is the key. */
  readonly keyCommand?: readonly string[]
}

/** Far above any key with the line end behind it. */
const OUTPUT_LIMIT = 4096
/** Milliseconds: a vault that asks somebody is none for a scheduled run. */
const TIME_LIMIT = 30_000
const VARIABLE = 'OFFCHANNEL_KEY'

/**
 * The key of a store: what a command prints, else of a file that was named, else of the environment (`OFFCHANNEL_KEY`),
 * else of the file beside the store, which is made for a new store. Throws `key_unusable`; no message holds any of a key.
 */
export async function keyOf(
  choice: KeyChoice,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Buffer> {
  const { store, key, keyCommand } = choice
  if (keyCommand !== undefined) return parsedKey(await outputOf(keyCommand, environment), commandName(keyCommand))
  if (key !== undefined) return loadKey(key, store)
  const value = environment[VARIABLE] ?? ''
  return value === '' ? loadKey(keyFileOf(store), store) : parsedKey(value, VARIABLE)
}

/** The same, and no other than the one that the store was made with, by its short tag. */
export async function checkedKeyOf(choice: KeyChoice, check: string): Promise<Buffer> {
  const key = await keyOf(choice)
  const { keyCheck } = await import('../subjects/clients.ts')
  if (keyCheck(key) === check) return key
  const source = sourceOf(choice)
  const words = `${source}: is not the key of ${harmless(choice.store)}: name that with --key or --key-command`
  throw new OffchannelError('key_unusable', words)
}

function sourceOf({ store, key, keyCommand }: KeyChoice): string {
  if (keyCommand !== undefined) return commandName(keyCommand)
  if (key === undefined && (process.env[VARIABLE] ?? '') !== '') return VARIABLE
  return harmless(key ?? keyFileOf(store))
}

/** Its arguments are left out: they may tell where secrets lie. */
const commandName = ([program = '']: readonly string[]) => `key command ${harmless(program)}`

function parsedKey(text: string, source: string): Buffer {
  if (/^[0-9a-f]{64}$/.test(text.trim())) return Buffer.from(text.trim(), 'hex')
  const words = 'not a key: it must be 64 hexadecimal digits in small letters and nothing else'
  throw new OffchannelError('key_unusable', `${source}: ${words}`)
}

/** What a program writes to its standard output. No shell is between, and nothing is given to its standard input. */
async function outputOf(
  command: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { spawnSync } = await import('node:child_process')
  const [program = '', ...args] = command
  const { error, status, signal, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    env: environment,
    killSignal: 'SIGKILL',
    maxBuffer: OUTPUT_LIMIT,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIME_LIMIT,
  })
  const refuse = (what: string) => {
    const words = `${commandName(command)}: ${what}: run it by hand as the user of the job to see why`
    return new OffchannelError('key_unusable', words)
  }
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ETIMEDOUT') throw refuse(`gave no key within ${TIME_LIMIT / 1000} seconds`)
  if (code === 'ENOBUFS') throw refuse('wrote more than a key')
  if (error !== undefined) throw refuse(`cannot be started (${harmless(code ?? 'unknown')})`)
  if (status !== 0) throw refuse(status === null ? `was ended by ${signal}` : `ended with status ${status}`)
  return stdout
}
