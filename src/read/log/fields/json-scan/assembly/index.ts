// AssemblyScript (https://www.assemblyscript.org), which `npm run kernels` makes ../kernel.ts of.
//
// Reads a record that is one JSON object as ../../json.ts does, for the wanted places alone, and writes what it finds as
// steps. Whatever is not plainly right (damage, a wanted text with a backslash, more steps than there is room for) it
// does not read: 0, and the record is read there. Tables, record and steps stand in the memory that is handed in, laid
// out as in ../json-scan.ts, with 64 bytes that are 0 behind the record.

import { mask } from '../../../../../base/assembly/bytes.ts'

const TAB: u8 = 0x09
const NEWLINE: u8 = 0x0a
const RETURN: u8 = 0x0d
const SPACE: u8 = 0x20
const QUOTE: u8 = 0x22
const PLUS: u8 = 0x2b
const COMMA: u8 = 0x2c
const MINUS: u8 = 0x2d
const POINT: u8 = 0x2e
const COLON: u8 = 0x3a
const CAPITAL_E: u8 = 0x45
const OPEN_LIST: u8 = 0x5b
const BACKSLASH: u8 = 0x5c
const CLOSE_LIST: u8 = 0x5d
const LETTER_N: u8 = 0x6e
const OPEN: u8 = 0x7b
const CLOSE: u8 = 0x7d

/** A place of the tree: offsets of its keys, fields, elements and listed fields, and the place of every element. */
const KEYS: usize = 0
const FIELDS: usize = 4
const EACH: usize = 8
const ELEMENTS: usize = 12
const LISTED: usize = 16
/** An entry of a key: the next one, the place below, the length, the bytes. */
const BELOW: usize = 4
const LENGTH: usize = 8
const BYTES: usize = 12

const SET: u32 = 0
const ADD: u32 = 0x10000
const PAD: u32 = 0x20000
const STEP: usize = 12

let first: usize = 0
let end: usize = 0
let step: usize = 0
let stepsEnd: usize = 0
/** Whether the string read last holds a backslash. */
let isEscaped: bool = false

/**
 * Reads the record from `start` to `to`, by the tree whose root stands at `root`; steps go from `steps` on, at most so
 * many. Gives how many were written, and one more; 0 where the record was not read.
 */
export function read(root: usize, start: usize, to: usize, steps: usize, limit: i32): i32 {
  first = start
  end = to
  step = steps
  stepsEnd = steps + <usize>limit * STEP
  const at = skip(start)
  if (load<u8>(at) !== OPEN) return 0
  const behind = object(at, root)
  if (behind === 0 || skip(behind) < to) return 0
  return <i32>((step - steps) / STEP) + 1
}

// Each of these reads what begins at a place and gives the place behind it, or 0 where it is not plainly right.

function object(start: usize, place: usize): usize {
  const keys = <usize>load<u32>(place, KEYS)
  if (keys === 0) return nested(start)
  let at = skip(start + 1)
  if (load<u8>(at) === CLOSE) return at + 1
  while (load<u8>(at) === QUOTE) {
    const from = at + 1
    at = text(at)
    if (at === 0) return 0
    const below = find(keys, from, at - 1)
    at = skip(at)
    if (load<u8>(at) !== COLON) return 0
    at = value(at + 1, below)
    if (at === 0) return 0
    at = skip(at)
    const byte = load<u8>(at)
    if (byte === CLOSE) return at + 1
    if (byte !== COMMA) return 0
    at = skip(at + 1)
  }
  return 0
}

function value(start: usize, place: usize): usize {
  const at = skip(start)
  const byte = load<u8>(at)
  if (byte === QUOTE) {
    const behind = text(at)
    if (behind !== 0 && place !== 0 && !keep(place, at + 1, behind - 1, false)) return 0
    return behind
  }
  if (byte === OPEN) return place === 0 ? nested(at) : object(at, place)
  if (byte === OPEN_LIST) return place === 0 ? nested(at) : list(at, place)
  return plain(at, place, false)
}

function list(start: usize, place: usize): usize {
  const each = <usize>load<u32>(place, EACH)
  const elements = <usize>load<u32>(place, ELEMENTS)
  if (load<u32>(<usize>load<u32>(place, FIELDS)) === 0 && each === 0 && load<u32>(elements) === 0) return nested(start)
  const listed = <usize>load<u32>(place, LISTED)
  let at = skip(start + 1)
  if (load<u8>(at) === CLOSE_LIST) return at + 1
  for (let index: u32 = 0; at < end; index++) {
    let below = each
    const many = load<u32>(elements)
    for (let i: u32 = 0; i < many; i++) {
      if (load<u32>(elements + 4 + 8 * i) === index) below = <usize>load<u32>(elements + 8 + 8 * i)
    }
    if (below !== 0) {
      at = value(at, below)
      if (at === 0) return 0
      const count = load<u32>(listed)
      for (let i: u32 = 0; i < count; i++) if (!put(PAD | load<u32>(listed + 4 + 4 * i), index + 1, 0)) return 0
    } else at = element(at, place)
    if (at === 0) return 0
    at = skip(at)
    const byte = load<u8>(at)
    if (byte === CLOSE_LIST) return at + 1
    if (byte !== COMMA) return 0
    at = skip(at + 1)
  }
  return 0
}

/** An element of a list whose plain values are wanted. */
function element(at: usize, place: usize): usize {
  const byte = load<u8>(at)
  if (byte === OPEN || byte === OPEN_LIST) return nested(at)
  if (byte !== QUOTE) return plain(at, place, true)
  const behind = text(at)
  return behind !== 0 && keep(place, at + 1, behind - 1, true) ? behind : 0
}

/** Numbers, true, false, null: their text, to where a value can end. */
function plain(start: usize, place: usize, isElement: bool): usize {
  let at = start
  while (at < end && isOfPlain(load<u8>(at))) at++
  if (at === start) return 0
  if (place === 0) return at
  isEscaped = false
  if (load<u8>(start) !== LETTER_N) return keep(place, start, at, isElement) ? at : 0
  if (isElement) return at
  const fields = <usize>load<u32>(place, FIELDS)
  const count = load<u32>(fields)
  for (let i: u32 = 0; i < count; i++) {
    const field = load<u32>(fields + 4 + 4 * i)
    if ((field & ADD) === 0 && !put(SET | field, <u32>(start - first), <u32>(start - first))) return 0
  }
  return at
}

// @ts-ignore: decorator
@inline
function isOfPlain(byte: u8): bool {
  if (byte - 0x30 < 10 || byte - 0x61 < 26) return true
  return byte === MINUS || byte === POINT || byte === PLUS || byte === CAPITAL_E
}

function text(start: usize): usize {
  isEscaped = false
  let i = start + 1
  while (i < end) {
    const bytes = v128.load(i)
    const quotes = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE))
    const others = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)), i8x16.eq(bytes, i8x16.splat(<i8>NEWLINE)))
    const found = <u32>i8x16.bitmask(v128.or(quotes, others))
    if (found === 0) {
      i += 16
      continue
    }
    i += <usize>ctz(found)
    if (i >= end) return 0
    const byte = load<u8>(i)
    if (byte === QUOTE) return i + 1
    if (byte === NEWLINE) return 0
    isEscaped = true
    i += 2
  }
  return 0
}

/** An object or list of which nothing is wanted. */
function nested(start: usize): usize {
  let depth = 0
  let i = start
  while (i < end) {
    const bytes = v128.load(i)
    // A bracket and a brace differ by one bit.
    const folded = v128.or(bytes, i8x16.splat(0x20))
    const brackets = v128.or(i8x16.eq(folded, i8x16.splat(<i8>OPEN)), i8x16.eq(folded, i8x16.splat(<i8>CLOSE)))
    const found = <u32>i8x16.bitmask(v128.or(brackets, i8x16.eq(bytes, i8x16.splat(<i8>QUOTE))))
    if (found === 0) {
      i += 16
      continue
    }
    i += <usize>ctz(found)
    if (i >= end) return 0
    const byte = load<u8>(i)
    if (byte === QUOTE) {
      i = text(i)
      if (i === 0) return 0
      continue
    }
    if ((byte | 0x20) === OPEN) depth++
    else if (--depth === 0) return i + 1
    i++
  }
  return 0
}

/** The place below a key; 0 where it is not wanted. */
// @ts-ignore: decorator
@inline
function find(keys: usize, from: usize, to: usize): usize {
  const length = <u32>(to - from)
  const place = length === 0 ? 0 : (11 * length + 5 * <u32>load<u8>(from) + <u32>load<u8>(to - 1)) & 255
  let entry = <usize>load<u32>(keys + 4 * <usize>place)
  while (entry !== 0) {
    if (load<u32>(entry, LENGTH) === length) {
      let i: u32 = 0
      while (i < length && load<u8>(entry + BYTES + i) === load<u8>(from + i)) i++
      if (i === length) return <usize>load<u32>(entry, BELOW)
    }
    entry = <usize>load<u32>(entry)
  }
  return 0
}

/** Fields are written with ADD where they are lists. */
function keep(place: usize, start: usize, to: usize, isElement: bool): bool {
  const fields = <usize>load<u32>(place, FIELDS)
  const count = load<u32>(fields)
  if (count > 0 && isEscaped) return false
  for (let i: u32 = 0; i < count; i++) {
    const field = load<u32>(fields + 4 + 4 * i)
    if (!put(isElement ? ADD | field : field, <u32>(start - first), <u32>(to - first))) return false
  }
  return true
}

function put(what: u32, from: u32, to: u32): bool {
  if (step === stepsEnd) return false
  store<u32>(step, what)
  store<u32>(step, from, 4)
  store<u32>(step, to, 8)
  step += STEP
  return true
}

// @ts-ignore: decorator
@inline
function skip(start: usize): usize {
  let at = start
  let byte = load<u8>(at)
  while (at < end && (byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB)) byte = load<u8>(++at)
  return at
}
