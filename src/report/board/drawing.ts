/** Solid, hatched and open can be told apart without colour. */
export type Fill = 'solid' | 'hatched' | 'open'

/** One stroke or word of a chart, in units of which the text of labels is 13 high; y goes down. */
export type Mark =
  | {
      readonly kind: 'rect'
      readonly x: number
      readonly y: number
      readonly w: number
      readonly h: number
      readonly fill: Fill
    }
  | {
      readonly kind: 'line'
      readonly x1: number
      readonly y1: number
      readonly x2: number
      readonly y2: number
      readonly stroke: 'axis' | 'grid' | 'dashed'
    }
  | { readonly kind: 'path'; readonly d: string; readonly stroke: 'thick' | 'thin' }
  | { readonly kind: 'dot'; readonly x: number; readonly y: number }
  | {
      readonly kind: 'label'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly anchor: 'start' | 'middle' | 'end'
      readonly bold: boolean
    }

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly marks: readonly Mark[]
}

/** Height of the text of labels. */
export const LABEL_SIZE = 13

/** A filled rectangle with its hatching as strokes, so that every output draws the same. */
export function filled(x: number, y: number, w: number, h: number, fill: Fill): Mark[] {
  if (w <= 0 || h <= 0) return []
  const [left, top, width, height] = [round(x), round(y), round(w), round(h)]
  const rect: Mark = { kind: 'rect', x: left, y: top, w: width, h: height, fill }
  if (fill !== 'hatched') return [rect]
  return [rect, { kind: 'path', d: hatching(left, top, width, height), stroke: 'thin' }]
}

export function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  bold = false,
): Mark {
  return { kind: 'label', x: round(x), y: round(y), text, anchor, bold }
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: 'axis' | 'grid' | 'dashed'): Mark {
  return { kind: 'line', x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), stroke }
}

/** To a tenth: the same on every machine. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Slanting strokes from one side of a rectangle to the other, a path of SVG. */
function hatching(x: number, y: number, w: number, h: number): string {
  const strokes: string[] = []
  const step = 6
  for (let at = step; at < w + h; at += step) {
    const [x1, y1] = at <= h ? [x, y + at] : [x + at - h, y + h]
    const [x2, y2] = at <= w ? [x + at, y] : [x + w, y + at - w]
    strokes.push(`M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`)
  }
  return strokes.join('')
}
