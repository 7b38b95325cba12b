import { expect, test } from 'vitest'
import { canonicalDevice } from '../../src/base/device-name.ts'

test.each(['02:00:5e:10:00:ab', '02-00-5E-10-00-AB', '0200.5e10.00ab', '02005E1000AB', ' 02:00:5e:10:00:AB '])(
  '%s is one spelling of a hardware address',
  (text) => expect(canonicalDevice(text)).toBe('02:00:5e:10:00:ab'),
)

test.each([
  ['LAPTOP-7', 'laptop-7'],
  ['EXAMPLE\\LAPTOP-7$', 'laptop-7$@example'],
  ['02:00-5e:10:00:ab', '02:00-5e:10:00:ab'],
  ['02005e1000abc', '02005e1000abc'],
  ['-', ''],
])('%s is no hardware address', (text, name) => expect(canonicalDevice(text)).toBe(name))
