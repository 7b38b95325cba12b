/** A rule, its options in their order. */
export interface SuricataRule {
  readonly protocol: string
  readonly options: readonly (readonly [keyword: string, value: string | undefined])[]
}

/** What may be written behind each keyword; undefined for nothing. By the page of each at https://docs.suricata.io/en/suricata-7.0.12/rules/ */
const VALUES: Readonly<Record<string, RegExp | undefined>> = {
  // meta.html: of ; " and \ none without a backslash
  msg: /^"(?:[^"\\;]|\\[";:\\])+"$/,
  sid: /^[1-9]\d{0,9}$/,
  rev: /^[1-9]\d{0,9}$/,
  // classification.config, as it comes with Suricata
  classtype: /^policy-violation$/,
  metadata: /^[^,;"]+ [^,;"]+(?:, ?[^,;"]+ [^,;"]+)*$/,
  // flow-keywords.html
  flow: /^(?:established,)?(?:to_server|from_client)$/,
  // payload-keywords.html: " ; : | and \ are written in hexadecimal between bars
  content: /^"(?:[^"|;:\\]|\|[0-9A-F]{2}(?: [0-9A-F]{2})*\|)+"$/,
  nocase: undefined,
  startswith: undefined,
  endswith: undefined,
  pcre: /^"\/(?:[^"\\;/]|\\.)+\/[ismx]*"$/,
  // transforms.html
  dotprefix: undefined,
}

/** Sticky buffers by the protocol of which they are: tls-keywords, dns-keywords, http-keywords and quic-keywords.html */
const BUFFERS: Readonly<Record<string, string>> = {
  tls: 'tls.sni',
  dns: 'dns.query',
  http: 'http.host',
  quic: 'quic.sni',
}

/** What says more of the `content` before it. */
const MODIFIERS = ['nocase', 'startswith', 'endswith']

/** Reads one line as Suricata 7 does; throws where it would refuse it, and at what this program has no need of. */
export function parseSuricataRule(line: string): SuricataRule {
  const [, protocol, body] = /^alert ([a-z]+) any any -> any any \((.*)\)$/.exec(line) ?? []
  const buffer = BUFFERS[protocol ?? '']
  if (protocol === undefined || body === undefined || buffer === undefined) throw new Error(`no rule: ${line}`)
  const options = optionsOf(body)
  const names = options.map(([keyword]) => keyword)
  for (const [n, [keyword, value]] of options.entries()) {
    if (keyword === buffer) {
      if (value !== undefined) throw new Error(`${keyword} takes nothing`)
      continue
    }
    if (!Object.hasOwn(VALUES, keyword)) throw new Error(`no keyword for ${protocol}: ${keyword}`)
    const form = VALUES[keyword]
    if (form === undefined ? value !== undefined : !form.test(value ?? '')) throw new Error(`${keyword}: ${value}`)
    if (MODIFIERS.includes(keyword) && !['content', ...MODIFIERS].includes(names[n - 1]!)) {
      throw new Error(`${keyword} stands behind no content`)
    }
    const sticky = names.indexOf(buffer)
    if (['content', 'pcre', 'dotprefix'].includes(keyword) && (sticky < 0 || sticky > n)) {
      throw new Error(`${keyword} stands before its buffer`)
    }
    // A transform changes the buffer for all that follows, so it stands right behind it.
    if (keyword === 'dotprefix' && sticky !== n - 1) throw new Error('dotprefix stands behind no buffer')
    // detect-http-host.c refuses both: the buffer is in small letters.
    if (keyword === 'nocase' && buffer === 'http.host') throw new Error('nocase on http.host')
    if (keyword === 'content' && buffer === 'http.host' && value !== value!.toLowerCase()) {
      throw new Error('capitals on http.host')
    }
    if (keyword === 'content' && value!.length - 2 > 255) throw new Error('content longer than 255 bytes')
    if ((keyword === 'sid' || keyword === 'rev') && Number(value) >= 2 ** 32) throw new Error(`${keyword} too large`)
  }
  for (const keyword of ['msg', 'sid', 'rev', 'classtype', 'metadata', buffer]) {
    if (names.filter((name) => name === keyword).length !== 1) throw new Error(`not one ${keyword}`)
  }
  return { protocol, options: options.map(([keyword, value]) => [keyword, value?.replace(/^"|"$/g, '')]) }
}

/** `keyword;` and `keyword:value;` one after the other, and nothing else. */
function optionsOf(body: string): [string, string | undefined][] {
  const options: [string, string | undefined][] = []
  const option = /([a-z][a-z._]*)(?::("(?:[^"\\;]|\\.)*"|[^";]*))?;(?: |$)/gy
  let at = 0
  for (let match = option.exec(body); match !== null; match = option.exec(body)) {
    options.push([match[1]!, match[2]])
    at = option.lastIndex
  }
  if (at !== body.length) throw new Error(`not an option: ${body.slice(at)}`)
  return options
}
