import { amneziawg } from './amneziawg.ts'
import { discord } from './discord.ts'
import { dnscrypt, dnscryptOverTcp } from './dnscrypt.ts'
import { dropbox } from './dropbox.ts'
import { esp } from './esp.ts'
import { ike } from './ike.ts'
import { ikeOverTcp } from './ike-over-tcp.ts'
import { l2tp } from './l2tp.ts'
import { loco } from './loco.ts'
import { mmtls } from './mmtls.ts'
import { mtproto } from './mtproto.ts'
import { oicq } from './oicq.ts'
import { openvpn, openvpnOverTcp } from './openvpn.ts'
import { pptp } from './pptp.ts'
import type { Protocol } from './protocol.ts'
import { rtp } from './rtp.ts'
import { softether } from './softether.ts'
import { ssh } from './ssh.ts'
import { stun, stunOverTcp, turnChannel } from './stun.ts'
import { tailscale } from './tailscale.ts'
import { telegramCall } from './telegram-call.ts'
import { whatsapp } from './whatsapp.ts'
import { wireguard } from './wireguard.ts'
import { zoom, zoomPeer } from './zoom.ts'

/** What a flow can be recognised as by its bytes: a line a protocol. */
export const protocols: readonly Protocol[] = [
  wireguard,
  amneziawg,
  esp,
  ike,
  ikeOverTcp,
  l2tp,
  openvpn,
  openvpnOverTcp,
  pptp,
  softether,
  ssh,
  dnscrypt,
  dnscryptOverTcp,
  stun,
  stunOverTcp,
  turnChannel,
  rtp,
  whatsapp,
  mtproto,
  telegramCall,
  discord,
  zoom,
  zoomPeer,
  oicq,
  mmtls,
  loco,
  dropbox,
  tailscale,
]
