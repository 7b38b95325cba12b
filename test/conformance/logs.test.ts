import { describe, expect, test } from 'vitest'
import { CAUSES, OTHERS } from './log-causes.ts'
import { ASPECTS, compareLogs, hasLogs } from './logs.ts'

/** Of what can be compared of a product, this much is right, or it is known why the other tool says something else. */
const LEAST = 0.97

const { products, differences } = hasLogs ? compareLogs() : { products: new Map(), differences: [] }
const isOther = (product: string) => Object.keys(OTHERS).some((other) => product.startsWith(other))
const ours = [...products].filter(([product]) => !isOther(product))

describe.skipIf(!hasLogs)('logs that other tools read (OFFCHANNEL_CORPORA)', () => {
  test.each(ours)('of %s say the same, or it is known why not', (product, score) => {
    for (const aspect of ASPECTS) {
      const { right, explained, of } = score[aspect]
      const unknown = differences.filter(
        ({ file, cause, ...difference }) =>
          file.startsWith(`${product}/`) && difference.aspect === aspect && cause === undefined,
      )
      expect([aspect, of === 0 || (right + explained) / of >= LEAST, unknown]).toEqual([aspect, true, unknown])
    }
  })

  test('have no cause named that explains nothing, and no product that is not there', () => {
    expect(CAUSES.filter((cause) => !differences.some((difference) => difference.cause === cause))).toEqual([])
    expect(Object.keys(OTHERS).filter((other) => ![...products.keys()].some((name) => name.startsWith(other)))).toEqual(
      [],
    )
  })
})
