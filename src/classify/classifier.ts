import { NetworkTable, networkOf } from '../base/cidr.ts'
import type { Observation } from '../model/observation.ts'
import {
  type Indicator,
  type IndicatorType,
  type Match,
  NAME_TYPES,
  type Signature,
  type SignatureSet,
} from '../model/signature.ts'
import { applicationName } from './application-name.ts'
import { HOST_NAME_LIMIT } from './host-name.ts'
import { Pattern } from './pattern.ts'

/** Names whose matches are remembered; past them the memory is cleared, which costs time and loses nothing. */
const REMEMBERED_NAMES = 16_384

const NOTHING: readonly Match[] = []

/** An indicator that matches a name, and what became of it. */
export interface Candidate extends Match {
  readonly wins: boolean
  /** Why, in words. */
  readonly rule: string
}

/** Ranks stand further apart than a name is long, so that one number compares rank first and length second. */
const EXACT = 2000
const PATTERN = 1000

interface Ranked extends Match {
  /** EXACT, or PATTERN and its literal characters, or the length of the suffix. */
  readonly specificity: number
}

interface RankedPattern extends Ranked {
  readonly pattern: Pattern
}

/**
 * Says which apps a name belongs to. Over all apps an exact name goes before a pattern, a pattern before a suffix, and
 * the longer before the shorter; apps that are equally specific all match. The cost of a name depends on its labels
 * and on the patterns that share its right part, not on how many indicators there are.
 */
export class Classifier {
  readonly #exact = new Map<string, Match[]>()
  readonly #suffixes = new Map<string, Match[]>()
  /** By what stands to the right of the last `*`. */
  readonly #patterns = new Map<string, RankedPattern[]>()
  /** Labels of the longest right part: looking further to the left of a name finds nothing. */
  #depth = 0
  /** By type and text: of indicators that are compared with one text of an observation. */
  readonly #texts = new Map<IndicatorType, Map<string, Match[]>>()
  readonly #networks: NetworkTable | undefined
  /** What `#networks` finds is an index of this. */
  readonly #ofNetworks: readonly (readonly Match[])[]
  readonly #remembered = new Map<string, readonly Match[]>()

  constructor(set: Pick<SignatureSet, 'signatures'>) {
    const networks = new Map<string, Match[]>()
    for (const signature of set.signatures) {
      for (const indicator of signature.indicators) {
        if (indicator.withdrawn !== undefined) continue
        if (indicator.type === 'network') put(networks, indicator.value, { signature, indicator })
        else this.#add(signature, indicator)
      }
    }
    this.#ofNetworks = [...networks.values()]
    const table = [...networks.keys()].map((text, value) => ({ network: networkOf(text), value }))
    this.#networks = table.length > 0 ? new NetworkTable(table) : undefined
  }

  /** What an observation matches: by its name, else by its server's address; and by whatever else it says. */
  match(observation: Observation): readonly Match[] {
    const { name, protocol, realm, stunAttributes, issuer, application, hello } = observation
    const named = name === '' ? this.matchServer(observation) : this.matchName(name)
    if (protocol === '' && realm === '' && issuer === '' && application === '' && hello === undefined) return named
    let found = named
    const add = (type: IndicatorType, text: string) => {
      const matches = text === '' ? NOTHING : this.matchText(type, text)
      if (matches.length > 0) found = [...found, ...matches]
    }
    add('protocol', protocol)
    add('realm', realm)
    if (stunAttributes.length > 0) for (const attribute of stunAttributes) add('stun-attribute', attribute)
    add('issuer', issuer)
    if (application !== '') add('application', applicationName(application))
    if (hello !== undefined) {
      if (this.#texts.has('alpn')) for (const protocolName of hello.alpn) add('alpn', protocolName)
      if (this.#texts.has('ja4')) add('ja4', hello.ja4)
    }
    return found
  }

  /** The most specific network of signatures that the server's address is in. */
  matchServer({ hasServer, addresses }: Pick<Observation, 'hasServer' | 'addresses'>): readonly Match[] {
    return hasServer ? this.matchAddress(addresses, 4) : NOTHING
  }

  /** The same of four words of an address. */
  matchAddress(words: Uint32Array, at: number): readonly Match[] {
    return this.#ofNetworks[this.#networks?.find(words, at) ?? -1] ?? NOTHING
  }

  /**
   * @param name as `base/name.ts` writes names. One that holds an escaped byte or is longer than a host name can be
   * matches nothing.
   */
  matchName(name: string): readonly Match[] {
    const known = this.#remembered.get(name)
    if (known) return known
    if (name.length > HOST_NAME_LIMIT) return NOTHING
    const ranked = this.#find(name)
    const matches = ranked.length === 0 ? NOTHING : winners(ranked).map(toMatch)
    if (this.#remembered.size === REMEMBERED_NAMES) this.#remembered.clear()
    this.#remembered.set(name, matches)
    return matches
  }

  /** Those of one type that are compared with a whole text. */
  matchText(type: IndicatorType, text: string): readonly Match[] {
    return this.#texts.get(type)?.get(text) ?? NOTHING
  }

  /**
   * Every indicator of every app that matches the name, the most specific first, and which of them decide; before them
   * those of another type that are this very text.
   */
  explain(name: string): readonly Candidate[] {
    const texts = [...this.#texts.values()].flatMap((matches) => matches.get(name) ?? []).map(toWinner)
    if (name.length > HOST_NAME_LIMIT) return texts
    const ranked = this.#find(name).sort((a, b) => b.specificity - a.specificity)
    const winning = new Set(winners(ranked))
    const names = ranked.map((candidate) => ({
      ...toMatch(candidate),
      wins: winning.has(candidate),
      rule: winning.has(candidate) ? winningRule(candidate, ranked) : losingRule(candidate, ranked[0]!),
    }))
    return [...texts, ...names]
  }

  /** The indicators whose network is the most specific that holds an address, of four words. */
  explainAddress(words: Uint32Array): readonly Candidate[] {
    return this.matchAddress(words, 0).map(toWinner)
  }

  #add(signature: Signature, indicator: Indicator): void {
    const { type, value } = indicator
    if (!NAME_TYPES.includes(type)) {
      const texts = this.#texts.get(type) ?? new Map<string, Match[]>()
      this.#texts.set(type, texts)
      put(texts, value, { signature, indicator })
    } else if (type === 'exact') put(this.#exact, value, { signature, indicator })
    else if (type === 'suffix') {
      put(this.#suffixes, value, { signature, indicator })
      this.#reach(value)
    } else {
      const pattern = new Pattern(value)
      const specificity = PATTERN + pattern.literals
      put(this.#patterns, pattern.rightPart, { signature, indicator, specificity, pattern })
      this.#reach(pattern.rightPart)
    }
  }

  #reach(rightPart: string): void {
    let labels = 1
    for (let dot = rightPart.indexOf('.'); dot >= 0; dot = rightPart.indexOf('.', dot + 1)) labels++
    if (labels > this.#depth) this.#depth = labels
  }

  #find(name: string): Ranked[] {
    // An escaped byte: no host has such a name, and `\046` beside a dot must not pass for a part of a label.
    if (name.includes('\\')) return []
    const found: Ranked[] = []
    const add = (matches: readonly Match[] | undefined, specificity: number) => {
      if (matches !== undefined) for (const match of matches) found.push({ ...match, specificity })
    }
    add(this.#exact.get(name), EXACT)
    let dot = name.length
    for (let depth = 0; depth < this.#depth && dot > 0; depth++) {
      dot = name.lastIndexOf('.', dot - 1)
      const ending = dot < 0 ? name : name.slice(dot + 1)
      add(this.#suffixes.get(ending), ending.length)
      if (dot < 0) break
      const patterns = this.#patterns.get(ending)
      if (patterns !== undefined) for (const ranked of patterns) if (ranked.pattern.matches(name)) found.push(ranked)
    }
    return found
  }
}

/** A match that no other can take from it. */
function toWinner(match: Match): Candidate {
  return { ...match, wins: true, rule: RULES[match.indicator.type] }
}

function put<T extends Match>(table: Map<string, T[]>, key: string, match: T): void {
  const known = table.get(key)
  if (known) known.push(match)
  else table.set(key, [match])
}

function toMatch({ signature, indicator }: Ranked): Match {
  return { signature, indicator }
}

/** The most specific of them, one an app: the first where patterns of one app are equally specific. */
function winners(ranked: readonly Ranked[]): Ranked[] {
  const best = ranked.reduce((highest, { specificity }) => Math.max(highest, specificity), 0)
  const byApp = new Map<string, Ranked>()
  for (const candidate of ranked) {
    const { id } = candidate.signature
    if (candidate.specificity === best && !byApp.has(id)) byApp.set(id, candidate)
  }
  return [...byApp.values()]
}

function winningRule(candidate: Ranked, ranked: readonly Ranked[]): string {
  const ties = ranked.some(
    (other) => other.specificity === candidate.specificity && other.signature !== candidate.signature,
  )
  return `${RULES[candidate.indicator.type]}${ties ? '; apps that are equally specific all match' : ''}`
}

const RULES = {
  exact: 'the exact name goes first',
  pattern: 'a pattern goes first',
  suffix: 'the longest suffix',
  protocol: 'recognised by its bytes',
  network: 'the most specific network, where nothing is named',
  realm: 'the realm of its STUN or TURN server',
  'stun-attribute': 'an attribute in its STUN that only some applications send',
  issuer: 'the issuer of its certificate',
  application: 'the program that asked',
  alpn: 'what its ClientHello offers to speak',
  ja4: 'the fingerprint of its ClientHello',
} as const satisfies Record<IndicatorType, string>

function losingRule(candidate: Ranked, best: Ranked): string {
  if (candidate.specificity === best.specificity) return 'an equal pattern of the same app stands before it'
  if (candidate.indicator.type !== best.indicator.type) return RULES[best.indicator.type]
  return candidate.indicator.type === 'suffix' ? 'a longer suffix goes first' : 'a longer pattern goes first'
}
