import type { Micros } from '../base/time.ts'

/** Where a secret stands: never in the job file itself. */
export type SecretSource = { readonly file: string } | { readonly variable: string }

/** Messages of RFC 5424. */
export interface SyslogOutput {
  readonly kind: 'syslog'
  readonly name: string
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly host: string
  readonly port: number
  readonly form: 'cef' | 'leef' | 'json'
  readonly heads: boolean
  /** PEM files: whom to trust beside or instead of the system's, and who one is oneself. */
  readonly ca: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
}

/** Signed POSTs over HTTPS, one a message. */
export interface WebhookOutput {
  readonly kind: 'webhook'
  readonly name: string
  readonly url: string
  readonly heads: boolean
  readonly secret: SecretSource
  readonly ca: string | undefined
}

/** A mail with all that is new, by SMTP. */
export interface MailOutput {
  readonly kind: 'mail'
  readonly name: string
  readonly host: string
  readonly port: number
  readonly tls: 'starttls' | 'implicit' | 'none'
  /** Undefined where the server asks for no login. */
  readonly login: { readonly user: string; readonly secret: SecretSource } | undefined
  readonly from: string
  readonly to: readonly string[]
  readonly heads: boolean
  readonly ca: string | undefined
  /** One mail in each of such times, counted from midnight of 1970 in UTC; undefined: as often as whoever delivers does. */
  readonly every: Micros | undefined
}

/** A file that grows, a JSON object a line. */
export interface FileOutput {
  readonly kind: 'file'
  readonly name: string
  readonly path: string
  readonly form: 'ecs' | 'ocsf'
  readonly heads: boolean
}

/** A receiver that a job file names. `heads`: whether it is sent those of the audit log. */
export type Output = SyslogOutput | WebhookOutput | MailOutput | FileOutput

/** How a receiver stands. */
export interface OutputState {
  /** Path of the job file. */
  readonly job: string
  readonly name: string
  /** Messages that wait for it. */
  readonly waiting: number
  /** Of those the heads of the audit log. */
  readonly waitingHeads: number
  /** Judgement of the oldest of them; undefined where none waits. */
  readonly since: Micros | undefined
  readonly delivered: number
  /** Messages that were given up and stand in the file of dead letters. */
  readonly dead: number
  readonly lastDelivery: Micros | undefined
  /** Why the last attempt failed; '' where it did not. */
  readonly error: string
  /** Before this time a run does not try again; undefined where the last attempt did not fail. */
  readonly retryAt: Micros | undefined
}
