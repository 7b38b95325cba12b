import type { SyslogOutput } from '../model/output.ts'
import type { Receiver, Surroundings } from './receiver.ts'
import { sendDatagrams } from './syslog-datagrams.ts'
import { octetCounted, syslogMessage } from './syslog-message.ts'
import { type Certificates, sendStream } from './syslog-stream.ts'

/** A syslog server over UDP, TCP or TLS. */
export function syslog(output: SyslogOutput, certificates: Certificates, surroundings: Surroundings): Receiver {
  const isStream = output.transport !== 'udp'
  return {
    batch: isStream ? 100 : 50,
    async send(notices) {
      const messages = notices.map((notice) => syslogMessage(notice, output.form, surroundings))
      if (isStream) await sendStream(output, certificates, Buffer.concat(messages.map(octetCounted)))
      else await sendDatagrams(output.host, output.port, messages)
      return undefined
    },
    close: () => {},
  }
}
