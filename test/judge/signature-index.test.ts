import { expect, test } from 'vitest'
import { indexSignatures } from '../../src/judge/signature-index.ts'
import { APPS, INDEX } from './apps.ts'

test('each indicator is found by its key, as often as it is asked for', () => {
  const index = indexSignatures({ signatures: APPS, hash: '' })
  expect(INDEX.size).toBeGreaterThan(10)
  for (const [key, match] of [...INDEX, ...INDEX]) {
    expect(index.get(key)?.signature).toBe(match.signature)
    expect(index.get(key)?.indicator).toBe(match.indicator)
  }
})

test.each([
  '',
  'nobody exact nothing.example',
  `${APPS[0]!.id}`,
  `${APPS[0]!.id} exact`,
  `${APPS[0]!.id} exact nothing.example`,
  `${APPS[0]!.id} suffix ${APPS[0]!.indicators[0]!.value} `,
])('a key of none of them, "%s", finds nothing', (key) => {
  expect(indexSignatures({ signatures: APPS, hash: '' }).get(key)).toBeUndefined()
})
