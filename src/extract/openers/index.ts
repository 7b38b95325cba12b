import { mysql, postgres } from './database.ts'
import { HttpOpener } from './http.ts'
import { Http2Opener } from './http2.ts'
import { ldap } from './ldap.ts'
import type { Opener } from './opener.ts'
import { Preamble } from './preamble.ts'
import { proxyProtocol } from './proxy-protocol.ts'
import { rdp } from './rdp.ts'
import { ServerFlightOpener } from './server-flight.ts'
import { SocksOpener } from './socks.ts'
import { Ssl2Opener } from './ssl2.ts'
import {
  COMMAND_FIRST,
  COMMAND_SECOND,
  COMMAND_THIRD,
  TAG_FIRST,
  TAG_SECOND,
  TAG_THIRD,
  taggedCommand,
  textCommand,
} from './text-commands.ts'
import { TlsOpener } from './tls.ts'
import { XmppOpener } from './xmpp.ts'

/** What TCP streams can begin with, new objects for each input; what is told by more bytes goes first. */
export function streamOpeners(): readonly Opener[] {
  return [
    new TlsOpener(),
    new ServerFlightOpener(),
    new Http2Opener(),
    new Preamble([0x50, 0x0d], [0x52, 0x0a], proxyProtocol),
    new HttpOpener(),
    new SocksOpener(),
    new Ssl2Opener(),
    new Preamble(COMMAND_FIRST, COMMAND_SECOND, textCommand, COMMAND_THIRD),
    new Preamble(TAG_FIRST, TAG_SECOND, taggedCommand, TAG_THIRD),
    new XmppOpener(),
    new Preamble([0], [0], postgres),
    new Preamble([32], [0], mysql),
    new Preamble([3], [0], rdp),
    new Preamble([0x30], [0x1d], ldap),
  ]
}
