import { MICROS_PER_QUARTER, type Quarter } from '../base/time.ts'
import type { WeeklyWindow } from '../model/policy.ts'
import { zoneOffset } from './in-force.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const FORM = /^([a-z]{3}) (\d\d):(\d\d) ?- ?(?:([a-z]{3}) )?(\d\d):(\d\d)$/
const MINUTES_PER_DAY = 1440
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY

/** A window such as `sat 18:00-mon 06:00` or `wed 08:00-12:30`, or what is wrong with the text. */
export function parseWeekly(text: string): WeeklyWindow | string {
  const shown = JSON.stringify(text)
  const parts = FORM.exec(text.toLowerCase())
  const advice = 'write one like sat 18:00-mon 06:00, or wed 08:00-12:30'
  if (parts === null) return `${shown} is not a weekly window: ${advice}`
  const [, firstDay = '', fromHour, fromMinute, lastDay = firstDay, untilHour, untilMinute] = parts
  const days = [firstDay, lastDay].map((day) => DAYS.indexOf(day))
  if (days.includes(-1)) return `${shown} names no day of the week: ${advice}`
  const times = [clockMinute(fromHour!, fromMinute!), clockMinute(untilHour!, untilMinute!)]
  if (times.includes(-1)) return `${shown} has a time that no day has: ${advice}`
  if (times.some((time) => time % 15 !== 0)) return `${shown} is not on quarter-hours: write :00, :15, :30 or :45`
  const from = days[0]! * MINUTES_PER_DAY + times[0]!
  const until = days[1]! * MINUTES_PER_DAY + times[1]!
  if (from % MINUTES_PER_WEEK === until % MINUTES_PER_WEEK) return `${shown} begins when it ends: leave one of them out`
  if (parts[4] === undefined && until < from)
    return `${shown} ends before it begins: name the day on which it ends, too`
  return { from: from % MINUTES_PER_WEEK, until, text }
}

/** Whether a quarter-hour lies in one of the windows by the zone's clocks; what the clocks show twice lies in it twice. */
export function inWeekly(windows: readonly WeeklyWindow[], quarter: Quarter, zone: string): boolean {
  const minute = minuteOfWeek(quarter, zone)
  return windows.some((window) => holds(window, minute))
}

/** Whether two lists of windows have a quarter-hour in common; none at all is the whole week. */
export function weeklyOverlap(some: readonly WeeklyWindow[], others: readonly WeeklyWindow[]): boolean {
  if (some.length === 0 || others.length === 0) return true
  return some.some((one) => others.some((other) => holds(one, other.from) || holds(other, one.from)))
}

function holds({ from, until }: WeeklyWindow, minute: number): boolean {
  return from < until ? minute >= from && minute < until : minute >= from || minute < until
}

function clockMinute(hour: string, minute: string): number {
  const time = Number(hour) * 60 + Number(minute)
  return Number(minute) < 60 && time <= MINUTES_PER_DAY ? time : -1
}

/** Asking the zone's clock takes longer than judging; a year has 35,040 quarter-hours. */
const KEPT = 100_000
const known = new Map<string, Map<Quarter, number>>()

function minuteOfWeek(quarter: Quarter, zone: string): number {
  let minutes = known.get(zone)
  if (minutes === undefined || minutes.size >= KEPT) {
    minutes = new Map()
    known.set(zone, minutes)
  }
  let minute = minutes.get(quarter)
  if (minute === undefined) {
    const at = (quarter * MICROS_PER_QUARTER) / 1000
    // 1970-01-01 was a Thursday.
    minute = (Math.floor((at + zoneOffset(at, zone)) / 60_000) + 3 * MINUTES_PER_DAY) % MINUTES_PER_WEEK
    minutes.set(quarter, minute)
  }
  return minute
}
