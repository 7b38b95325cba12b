import { describe, expect, test } from 'vitest'
import { Oddities } from '../../../../src/base/oddities.ts'
import { Classifier } from '../../../../src/classify/classifier.ts'
import { UnmatchedNames } from '../../../../src/classify/unmatched-names.ts'
import { mappedFormat } from '../../../../src/read/log/mapping/format.ts'
import { made } from '../../../classify/made.ts'

const format = mappedFormat({
  name: 'own',
  title: 'Own log',
  documentation: 'https://example.org/',
  attributes: { url: true, server: true, user: false, client: true, bytes: false, bytesUp: false, action: false },
  fields: 'key-value',
  detect: [{ has: ['t', 'c'] }],
  records: [{ time: { from: 't', as: 'unix' }, client: 'c', server: 's', url: 'u' }],
})

/** What a record is said to be, and what it names, where only app.example and 192.0.2.0/24 are looked for. */
function read(target: string): string[] {
  const unmatched = new UnmatchedNames(
    new Classifier({ signatures: [made('app', 'suffix app.example', 'network 192.0.2.0/24')] }),
  )
  const reader = format.open({ oddities: new Oddities(), unmatched })
  const bytes = Buffer.from(`t=1795287120 c=10.0.0.5 ${target}`)
  const named: string[] = []
  const observe = (one: { readonly name: string; readonly hasServer: boolean }) =>
    named.push(one.name === '' && one.hasServer ? 'an address' : one.name)
  return [String(reader.record(bytes, 0, bytes.length, { observe, mark: () => {} })), ...named]
}

describe('a record with a server and a URL', () => {
  test.each([
    ['s=192.0.2.9 u=https://www.example.org/a', ['ok']],
    ['s=192.0.2.9:443 u=www.example.org/a', ['ok']],
    ['s=2001:db8::9 u=https://www.example.org/a', ['ok']],
    ['u=https://www.example.org/a', ['ok']],
    ['s=198.51.100.7', ['ok']],
  ])('is passed over where no signature matches the host, or the address alone: %s', (target, expected) => {
    expect(read(target)).toEqual(expected)
  })

  test.each([
    ['s=192.0.2.9 u=https://chat.app.example/a', ['ok', 'chat.app.example']],
    ['s=chat.app.example u=https://www.example.org/a', ['ok', 'chat.app.example']],
    ['s=www.example.org u=https://chat.app.example/a', ['ok', 'www.example.org']],
    ['s=192.0.2.9 u=https://192.0.2.9/a', ['ok', 'an address']],
    ['s=192.0.2.9 u=/a', ['ok', 'an address']],
    ['s=192.0.2.9', ['ok', 'an address']],
  ])('is read otherwise: %s', (target, expected) => {
    expect(read(target)).toEqual(expected)
  })
})
