import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { SyslogOutput } from '../model/output.ts'
import { ATTEMPT_TIMEOUT } from './receiver.ts'

/** PEM texts. */
export interface Certificates {
  readonly ca: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
}

/** Milliseconds between the end of a connection and the one that asks whether the receiver is still there. */
const SETTLING = 50

/**
 * Sends bytes over a connection of their own, over TCP or TLS. Neither tells a sender what was read (RFC 6587 §3.1), so
 * we close our side and wait for the receiver to close its own, which it does when it has read everything. One that was
 * killed closes as well: so it counts only if it takes another connection afterwards.
 */
export async function sendStream(output: SyslogOutput, certificates: Certificates, bytes: Buffer): Promise<void> {
  await exchange(output, certificates, bytes)
  await pause(SETTLING)
  await exchange(output, certificates, Buffer.alloc(0))
}

function exchange(output: SyslogOutput, certificates: Certificates, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let flushed = false
    let ended = false
    const socket = open(output, certificates, () => {
      socket.end(bytes, () => {
        flushed = true
      })
    })
    // Silence alone would let a server that says a byte a second go on for ever.
    const deadline = setTimeout(() => fail(new Error('it takes too long')), 3 * ATTEMPT_TIMEOUT)
    const fail = (error: Error) => {
      clearTimeout(deadline)
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(ATTEMPT_TIMEOUT, () =>
      fail(
        new Error(flushed ? 'it does not close the connection: it may not have the messages' : 'it does not answer'),
      ),
    )
    socket.on('error', fail)
    socket.on('end', () => {
      ended = flushed
      if (!flushed) fail(new Error('it closed the connection before it had the messages'))
    })
    socket.on('close', () => {
      clearTimeout(deadline)
      if (ended) resolve()
      else fail(new Error('it broke the connection off'))
    })
    // What it says is of no interest, but the end comes behind it.
    socket.resume()
  })
}

function open(
  { transport, host, port }: SyslogOutput,
  { ca, certificate, key }: Certificates,
  ready: () => void,
): Socket {
  if (transport === 'tcp') return connect({ host, port }, ready)
  const identity = { ...(ca && { ca }), ...(certificate && { cert: certificate }), ...(key && { key }) }
  const servername = /^[\d.]+$|:/.test(host) ? undefined : host
  return connectTls({ host, port, ...(servername !== undefined && { servername }), ...identity }, ready)
}
