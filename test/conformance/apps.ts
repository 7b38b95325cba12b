import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { formatAddress, parseAddress } from '../../src/base/address.ts'
import { folder, inputs, type Row, table } from './corpora.ts'

/**
 * What nDPI calls an app, and what may be said here for it: where nDPI has one label for editions that are apart here,
 * or names the vendor, more than one app is right. Labels of whole networks (Facebook, Instagram, Twitter, Google) are
 * left out: their messages are known here, and reading their pages is nobody's finding.
 */
export const SAME_APP: Readonly<Record<string, readonly string[]>> = {
  WhatsApp: ['whatsapp'],
  WhatsAppCall: ['whatsapp'],
  WhatsAppFiles: ['whatsapp'],
  Telegram: ['telegram'],
  Threema: ['threema', 'threema-work'],
  SignalVoip: ['signal'],
  Line: ['line'],
  LineCall: ['line'],
  KakaoTalk: ['kakaotalk'],
  KakaoTalk_Voice: ['kakaotalk'],
  WeChat: ['wechat'],
  // Three hosts under weixin.qq.com are WeChat's, whatever the rest of the domain is.
  QQ: ['qq', 'wechat'],
  OICQ: ['qq'],
  Snapchat: ['snapchat'],
  SnapchatCall: ['snapchat'],
  Discord: ['discord'],
  Slack: ['slack'],
  Skype_Teams: ['ms-teams-work', 'ms-teams-consumer', 'skype'],
  Skype_TeamsCall: ['ms-teams-work', 'ms-teams-consumer', 'skype'],
  Teams: ['ms-teams-work', 'ms-teams-consumer'],
  Webex: ['webex'],
  Zoom: ['zoom'],
  GoogleMeet: ['google-meet'],
  GoogleCall: ['google-meet'],
  Jabber: ['xmpp'],
  GMail: ['gmail'],
  Outlook: ['outlook-personal'],
  YandexMail: ['yandex-mail'],
  Dropbox: ['dropbox'],
  DoH_DoT: ['encrypted-dns'],
  DNScrypt: ['encrypted-dns'],
  AVASTSecureDNS: ['encrypted-dns'],
  Mullvad: ['mullvad'],
  NordVPN: ['nordvpn'],
  PrivateInternetAccess: ['private-internet-access'],
  ProtonVPN: ['proton-vpn'],
  Psiphon: ['psiphon'],
  OpenVPN: ['openvpn'],
  WireGuard: ['wireguard'],
  IPSec: ['ipsec'],
  PPTP: ['l2tp-pptp'],
  CiscoVPN: ['cisco-anyconnect'],
}

/**
 * Why a label is a guess. nDPI tells by `confidence` where port or address alone made it; for a label behind a dot it
 * tells how the protocol before the dot was found, so that the label may still be a guess by address.
 */
const GUESSES: readonly (readonly [reason: string, holds: (row: Row) => boolean])[] = [
  ['by address alone', ({ confidence }) => confidence === 'Match by IP'],
  ['by port alone', ({ confidence }) => confidence === 'Match by port'],
  ['by another flow of the same address', ({ confidence }) => confidence!.endsWith('cache)')],
  ['before it was sure', ({ confidence }) => confidence === 'DPI (partial)'],
  ['a tunnel, and its vendor by address', ({ ndpi_proto }) => /^(OpenVPN|WireGuard)\./.test(ndpi_proto!)],
]

/** What both say of the flows of one of nDPI's labels. */
export interface LabelScore {
  same: number
  of: number
}

export interface AppComparison {
  readonly labels: ReadonlyMap<string, LabelScore>
  /** Of them those in which nDPI read a name (its realm of a STUN message is none). */
  readonly byName: LabelScore
  /** Flows with a label that is known here, by why it is a guess. */
  readonly guesses: ReadonlyMap<string, readonly Row[]>
  /** Flows that nDPI labels and that are not labelled the same here, with what is said instead. */
  readonly missing: readonly (readonly [row: Row, said: readonly string[]])[]
  /** Flows with an app here for which nDPI has no such label. */
  readonly more: readonly (readonly [row: Row, said: readonly string[]])[]
}

/** The reason why a row's label is a guess, undefined where bytes or a name made it. */
export function guessOf(row: Row): string | undefined {
  return GUESSES.find(([, holds]) => holds(row))?.[0]
}

/** The label of a row that is known here: the last, which says the app, else the one before it. */
export function labelOf({ ndpi_proto = '' }: Row): string | undefined {
  return ndpi_proto.split('.').findLast((label) => label in SAME_APP)
}

/** Compares what nDPI says of the flows of its captures with what `offchannel inspect` says of them. */
export async function compareApps(): Promise<AppComparison> {
  const captures = inputs('capture').filter((path) => path.startsWith('ntop+nDPI/'))
  const said = await inspected(captures)
  const labels = new Map<string, LabelScore>()
  const byName: LabelScore = { same: 0, of: 0 }
  const guesses = new Map<string, Row[]>()
  const missing: [Row, readonly string[]][] = []
  const more: [Row, readonly string[]][] = []
  for (const row of table('truth/truth-ndpi-flows.tsv')) {
    const apps = [...(said.get(flowKey(row.file!, [row.src!, row.sport!], [row.dst!, row.dport!])) ?? [])]
    const label = labelOf(row)
    if (label === undefined) {
      if (apps.length > 0) more.push([row, apps])
      continue
    }
    const guess = guessOf(row)
    if (guess !== undefined) {
      guesses.set(guess, [...(guesses.get(guess) ?? []), row])
      continue
    }
    const score = labels.get(label) ?? { same: 0, of: 0 }
    labels.set(label, score)
    const same = SAME_APP[label]!.some((app) => apps.includes(app))
    const scores = row.hostname === '' || row.ndpi_proto!.startsWith('STUN') ? [score] : [score, byName]
    for (const one of scores) {
      one.of++
      if (same) one.same++
    }
    if (!same) missing.push([row, apps])
  }
  return { labels, byName, guesses, missing, more }
}

/** The apps that the built program finds, by flow; a flow is both directions of it. */
async function inspected(captures: readonly string[]): Promise<Map<string, Set<string>>> {
  const args = ['bin/offchannel.js', 'inspect', ...captures.map((path) => join(folder!, 'data', path))]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 28 }).catch((failed) => {
    // Some captures are broken on purpose: what could be read of them counts, and the status says that it was not all.
    if (failed.code === 2) return failed as { stdout: string }
    throw failed
  })
  const apps = new Map<string, Set<string>>()
  for (const line of stdout.split('\n')) {
    if (line === '') continue
    const { input, client, clientPort = 0, server, serverPort = 0, app } = JSON.parse(line)
    const file = input.slice(input.lastIndexOf('/') + 1)
    const key = flowKey(file, [client, clientPort], [server, serverPort])
    apps.set(key, (apps.get(key) ?? new Set()).add(app))
  }
  return apps
}

type End = readonly [address: string | undefined, port: string | number]

/** The same for both directions, and however a tool writes an address. */
export function flowKey(file: string, ...ends: readonly [End, End]): string {
  return [file, ...ends.map(([address = '', port]) => `${plain(address)} ${port}`).sort()].join(' ')
}

function plain(address: string): string {
  const words = new Uint32Array(4)
  return parseAddress(address, words, 0) ? formatAddress(words, 0) : address
}
