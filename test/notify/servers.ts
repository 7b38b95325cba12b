import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server as HttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createServer as createTls } from 'node:tls'
import { onTestFinished } from 'vitest'

export const RSYSLOGD = '/usr/sbin/rsyslogd'
export const HAS_RSYSLOGD = existsSync(RSYSLOGD)
/** The module of rsyslogd that speaks TLS; undefined where Debian's package of it is not installed. */
export const RSYSLOGD_TLS = ['ossl', 'gtls'].find((driver) =>
  readdirSync('/usr/lib').some((folder) => existsSync(`/usr/lib/${folder}/rsyslog/lmnsd_${driver}.so`)),
)

export interface Certificate {
  readonly certificate: string
  readonly key: string
}

/** A self-signed certificate of localhost and 127.0.0.1, as files. */
export function makeCertificate(folder: string, name = 'server'): Certificate {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'].concat([
      '-subj',
      '/CN=localhost',
      '-addext',
      names,
      '-keyout',
      key,
      '-out',
      certificate,
    ]),
    { stdio: 'ignore' },
  )
  return { certificate, key }
}

/** A port of 127.0.0.1 on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createTcp()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A syslog server of its own configuration: what it gets stands in a file, one message a line. */
export class Rsyslogd {
  readonly port: number
  readonly #folder: string
  readonly #certificate: Certificate | undefined
  #child: ChildProcess | undefined

  constructor(folder: string, port: number, certificate?: Certificate) {
    this.#folder = folder
    this.port = port
    this.#certificate = certificate
    onTestFinished(() => this.kill())
  }

  get file(): string {
    return join(this.#folder, 'received.log')
  }

  async start(): Promise<void> {
    const config = join(this.#folder, 'rsyslog.conf')
    const tls = this.#certificate
    const driver =
      tls === undefined ? '' : `StreamDriver.Name="${RSYSLOGD_TLS}" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"`
    const files =
      tls === undefined
        ? ''
        : `DefaultNetstreamDriverCAFile="${tls.certificate}" DefaultNetstreamDriverCertFile="${tls.certificate}" DefaultNetstreamDriverKeyFile="${tls.key}"`
    writeFileSync(
      config,
      `global(workDirectory="${this.#folder}" ${files})
module(load="imtcp" ${driver})
module(load="imudp")
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="all" queue.type="Direct") { action(type="omfile" file="${this.file}" template="raw") }
input(type="imtcp" address="127.0.0.1" port="${this.port}" ruleset="all")
input(type="imudp" address="127.0.0.1" port="${this.port}" ruleset="all")
`,
    )
    this.#child = spawn(RSYSLOGD, ['-n', '-f', config, '-i', join(this.#folder, 'pid')], { stdio: 'ignore' })
    await listening(this.port)
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  /** The messages so far. */
  received(): string[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n').filter(Boolean) : []
  }
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.end())
    })
    if (open) return
    await pause(20)
  }
  throw new Error(`nobody listens on ${port}`)
}

/** A request that an HTTPS server got. */
export interface Got {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** An HTTPS server that keeps what it gets before it answers. */
export class Hook {
  readonly port: number
  readonly got: Got[] = []
  /** The status of the answer to a request; undefined to drop it, as a server that dies does. */
  answer: (got: Got) => number | undefined = () => 204
  readonly #certificate: Certificate
  readonly #sockets = new Set<Socket>()
  #server: HttpsServer | undefined

  constructor(port: number, certificate: Certificate) {
    this.port = port
    this.#certificate = certificate
    onTestFinished(() => this.kill())
  }

  async start(): Promise<void> {
    const { certificate, key } = this.#certificate
    const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      request.on('end', () => {
        const got = { headers: request.headers, body }
        const status = this.answer(got)
        this.got.push(got)
        if (status === undefined) request.socket.destroy()
        else response.writeHead(status, { location: '/elsewhere' }).end('not read')
      })
    })
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {})
    })
    server.on('tlsClientError', () => {})
    this.#server = server
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
  }

  async kill(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await closed
  }
}

/** A syslog server over TLS that reads frames with octet counting; the messages so far. */
export async function tlsSyslogServer({ certificate, key }: Certificate, clients?: string) {
  const received: string[] = []
  const asked = clients === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: readFileSync(clients) }
  const server = createTls({ cert: readFileSync(certificate), key: readFileSync(key), ...asked }, (socket) => {
    let bytes = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      for (;;) {
        const length = /^(\d+) /.exec(bytes.toString('latin1', 0, 12))
        const end = length === null ? Number.POSITIVE_INFINITY : length[0].length + Number(length[1])
        if (bytes.length < end) return
        received.push(bytes.toString('utf8', length![0].length, end))
        bytes = bytes.subarray(end)
      }
    })
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, received }
}
