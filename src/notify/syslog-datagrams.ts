import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds in which a machine says that nobody listens (ICMP), and between packs of datagrams. */
const SETTLING = 100

/**
 * Sends a datagram each (RFC 5426). Nothing tells whether they arrive; only a machine that says that nobody listens is
 * an error.
 */
export async function sendDatagrams(host: string, port: number, messages: readonly Buffer[]): Promise<void> {
  const { address, family } = await lookup(host)
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject)
      socket.connect(port, address, () => sendAll().then(resolve, reject))
      const sendAll = async () => {
        for (const message of messages) {
          await new Promise<void>((sent, failed) => socket.send(message, (error) => (error ? failed(error) : sent())))
        }
        await pause(SETTLING)
      }
    })
  } finally {
    socket.close()
  }
}
