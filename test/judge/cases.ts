import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { MICROS_PER_MINUTE } from '../../src/base/time.ts'
import { parsePolicy } from '../../src/judge/load.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import type { StoredMark, StoredSessionMark, StoredSighting, SubjectDay } from '../../src/model/facts.ts'
import type { Finding, Verdict } from '../../src/model/finding.ts'
import type { MarkEvent } from '../../src/model/mark.ts'
import type { Action, Means } from '../../src/model/observation.ts'
import type { Policy } from '../../src/model/policy.ts'
import type { Reading } from '../../src/model/reading.ts'
import type { Registered, Registers } from '../../src/model/register.ts'
import { indicatorNamed } from './apps.ts'

const SUBJECT = 'address-00112233445566778899aabbccddeeff'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** What was seen, in the words of a case file; minutes are `09:00` or `09:00-09:04`, the last one included. */
interface Seen {
  readonly at: string
  readonly name: string
  readonly by: Means
  readonly from?: string
  readonly in: string
  /** Where a subject has several addresses, or is no address. */
  readonly address?: string
  /** As the input named it. */
  readonly user?: string
  readonly action?: Action
  /** Bytes, and how often: of a flow that goes on, they stand in its first quarter-hour. */
  readonly up?: number
  readonly down?: number
  readonly times?: number
}

/** What a log told of a tunnel or lease; times are `09:00` of the day, or `-1 09:00` of the day before. */
interface Told {
  readonly at: string
  readonly tunnel?: MarkEvent
  readonly lease?: MarkEvent
  readonly since?: string
  readonly until?: string
  readonly outer?: string
  readonly inner?: string
  readonly user?: string
  readonly device?: string
  /** What the log calls the server. */
  readonly gateway?: string
  readonly in: string
}

interface CaseFile {
  readonly title: string
  /** Keys that replace those of base-policy.yaml; none: no policy was given. */
  readonly policy?: Readonly<Record<string, unknown>> | 'none'
  readonly day?: string
  /** Whose day it is, where that is not the address that all was seen at. */
  readonly subject?: string
  readonly seen: readonly Seen[]
  readonly tunnel?: readonly { readonly at: string; readonly in: string; readonly address?: string }[]
  readonly told?: readonly Told[]
  /** What registers say of subjects, by their names here. */
  readonly registered?: Readonly<Record<string, Partial<Registered>>>
  /** Of each app with a finding, its verdicts: the values that matter, and the names of rules. */
  readonly expect: Readonly<Record<string, readonly Expected[]>>
  readonly 'set-aside'?: Readonly<Record<string, number>>
}

type Expected = Readonly<Record<string, string | number | boolean>>

export interface Case {
  readonly file: string
  readonly title: string
  readonly policy: Policy
  readonly facts: SubjectDay
  readonly registers: Registers
  readonly expect: Readonly<Record<string, readonly Expected[]>>
  readonly setAside: Readonly<Record<string, number>>
}

/** The cases of test/judge/cases, as facts and a policy that the program's own loader has read. */
export function loadCases(): readonly Case[] {
  const base = parse(readFileSync(`${folder}base-policy.yaml`, 'utf8'))
  return readdirSync(`${folder}cases`)
    .sort()
    .map((file) => {
      const read: CaseFile = parse(readFileSync(`${folder}cases/${file}`, 'utf8'))
      const policy =
        read.policy === 'none' ? NO_POLICY : membered(parsePolicy(stringify({ ...base, ...read.policy }), file))
      return {
        file,
        title: read.title,
        policy,
        facts: factsOf(read),
        registers: registersOf(read),
        expect: read.expect,
        setAside: read['set-aside'] ?? {},
      }
    })
}

function registersOf({ registered = {} }: CaseFile): Registers {
  const entries = Object.entries(registered).map(
    ([subject, said]) => [subject, { register: 'staff', scope: 'managed', group: '', ...said } as const] as const,
  )
  return { list: [], subjects: new Map(entries), hash: '' }
}

/** In cases the pseudonym of a user is its name. */
function membered(policy: Policy): Policy {
  const groups = policy.groups.map((group) => ({
    ...group,
    members: new Set(group.users.map((name) => `user-${name}`)),
  }))
  return { ...policy, groups }
}

/** A verdict's, or its finding's, side of an expectation: the value of each quality, and of `route-rule` its rule. */
export function pick(verdict: Verdict, expected: Expected, finding: Finding): Expected {
  return Object.fromEntries(
    Object.keys(expected).map((key) => {
      const [quality, rule] = key.split('-')
      if (quality === 'notes') return [key, verdict.notes?.join(' ') ?? '']
      const value = { ...finding, ...verdict }[quality as 'route' | 'bypass' | 'whose' | 'scope' | 'group']
      return [key, typeof value === 'object' ? value[rule === 'rule' ? 'rule' : 'value'] : (value ?? '')]
    }),
  )
}

function factsOf(file: CaseFile): SubjectDay {
  const day = Date.parse(`${file.day ?? '2026-03-10'}T00:00:00Z`) / 86_400_000
  const readings = new Map<string, Reading>()
  const readingOf = (input: string): Reading => {
    const known = readings.get(input)
    if (known !== undefined) return known
    const log = input.endsWith('.log')
    const format = log ? 'lines' : 'pcap'
    const reading: Reading = {
      id: readings.size + 1,
      input,
      kind: log ? 'log' : 'capture',
      format,
      source: 'file',
      settings: 's',
    }
    readings.set(input, reading)
    return reading
  }
  const sightings = file.seen.flatMap((seen, i) =>
    quarters(day, seen.at).map(({ quarter, mask, first, last }, nth): StoredSighting => {
      const { key, app } = indicatorNamed(seen.name)
      const begins = nth === 0
      return {
        reading: readingOf(seen.in),
        client: seen.address ?? SUBJECT,
        // Several addresses are one subject's by the name that the input gave, unless a log says whose they are.
        user: seen.user ?? (seen.address === undefined || file.subject !== undefined ? '' : 'user-1'),
        network: seen.from ?? '',
        app,
        indicator: key,
        means: seen.by,
        action: seen.action ?? '',
        quarter,
        mask,
        count: begins || (seen.up === undefined && seen.down === undefined) ? (seen.times ?? 1) : 0,
        bytesUp: begins ? (seen.up ?? -1) : -1,
        bytesDown: begins ? (seen.down ?? -1) : -1,
        first,
        last,
        firstAt: 2 * i + 1,
        lastAt: 2 * i + 2,
      }
    }),
  )
  const marks = (file.tunnel ?? []).flatMap((tunnel) =>
    quarters(day, tunnel.at).map(
      ({ quarter, mask }): StoredMark => ({
        reading: readingOf(tunnel.in),
        client: tunnel.address ?? SUBJECT,
        gateway: 'vpn-1',
        quarter,
        mask,
        count: 1,
        firstAt: 1,
      }),
    ),
  )
  const sessions = (file.told ?? []).map((told, i): StoredSessionMark => {
    const { outer = '', inner = '', user = '', device = '', gateway = 'vpn-1.example.org' } = told
    const time = (text: string | undefined) => (text === undefined ? -1 : instant(day, text))
    return {
      reading: readingOf(told.in),
      kind: told.lease === undefined ? 'tunnel' : 'lease',
      event: (told.lease ?? told.tunnel)!,
      time: time(told.at),
      since: time(told.since),
      until: time(told.until),
      outer,
      inner,
      user,
      device,
      gateway,
      protocol: '',
      position: i + 1,
    }
  })
  return { day, subject: file.subject ?? SUBJECT, label: 'client-0011', sightings, marks, sessions }
}

/** `09:00`, `09:00:30`, or either with `-1 ` or `+1 ` before it for a day before or after. */
export function instant(day: number, text: string): number {
  const [, days = '0', hours, minutes, seconds = '0'] = /^(?:([+-]\d) )?(\d\d):(\d\d)(?::(\d\d))?$/.exec(text)!
  const minute = ((day + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)
  return minute * MICROS_PER_MINUTE + Number(seconds) * 1_000_000
}

/** The quarter-hours of the minutes, with their masks; `first` begins the first minute and `last` ends the last one. */
function quarters(day: number, at: string): { quarter: number; mask: number; first: number; last: number }[] {
  const [from, to = from] = at.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
  const masks = new Map<number, number>()
  for (let minute = from!; minute <= to!; minute++) {
    const quarter = day * 96 + Math.floor(minute / 15)
    masks.set(quarter, (masks.get(quarter) ?? 0) | (1 << (minute % 15)))
  }
  return [...masks].map(([quarter, mask]) => ({
    quarter,
    mask,
    first: (quarter * 15 + (31 - Math.clz32(mask & -mask))) * MICROS_PER_MINUTE,
    last: (quarter * 15 + 32 - Math.clz32(mask)) * MICROS_PER_MINUTE - 1,
  }))
}
