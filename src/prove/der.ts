/** An element of DER (ITU-T X.690 §8.1): its tag, its content, and all of it. */
export interface Element {
  readonly tag: number
  readonly content: Buffer
  readonly whole: Buffer
}

export const SEQUENCE = 0x30
export const SET = 0x31
export const INTEGER = 0x02
export const OCTETS = 0x04
export const OID = 0x06
export const GENERALIZED_TIME = 0x18

/** Elements within one another are not followed deeper: each call reads one level. */
const ELEMENTS_LIMIT = 1000

/** The elements that stand one after the other. Throws for what is no DER. */
export function elementsOf(bytes: Buffer): Element[] {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    if (elements.length === ELEMENTS_LIMIT) throw new Error('too many elements')
    const element = elementAt(bytes, at)
    elements.push(element)
    at += element.whole.length
  }
  return elements
}

/** The elements of the only element of this tag. Throws where it is another. */
export function inside(element: Element | undefined, tag: number): Element[] {
  if (element?.tag !== tag) throw new Error('an element is missing or of another kind')
  return elementsOf(element.content)
}

/** The content of an element of this tag. Throws where it is another. */
export function contentOf(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new Error('an element is missing or of another kind')
  return element.content
}

function elementAt(bytes: Buffer, at: number): Element {
  const tag = bytes[at]
  let length = bytes[at + 1]
  if (tag === undefined || length === undefined) throw new Error('it is cut')
  let start = at + 2
  if (length >= 0x80) {
    const count = length & 0x7f
    if (count === 0 || count > 4 || start + count > bytes.length) throw new Error('a length is not one of DER')
    length = bytes.readUIntBE(start, count)
    start += count
  }
  const end = start + length
  if (end > bytes.length) throw new Error('it is cut')
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}

/** An element of these parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}

/** An object identifier, `1.2.840.113549`. */
export function oid(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number)
  const bytes = [first! * 40 + second!]
  for (const arc of rest) {
    const septets = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80)
    bytes.push(...septets)
  }
  return der(OID, Buffer.from(bytes))
}
