import { expect, test } from 'vitest'
import { listenAddress } from '../../src/jobs/listen-address.ts'

test.each([
  ['127.0.0.1:9464', '127.0.0.1', 9464],
  ['127.3.2.1:1', '127.3.2.1', 1],
  ['[::1]:65535', '::1', 65_535],
])('%s is an address of this machine alone', (text, host, port) => {
  expect(listenAddress(text, false)).toEqual({ host, port })
})

test.each(['0.0.0.0:9464', '192.0.2.1:9464', '[::]:9464', '[2001:db8::1]:9464'])(
  '%s is refused unless told',
  (text) => {
    expect(listenAddress(text, false)).toContain('can be asked by others: write 127.0.0.1:9464, or set metrics-exposed')
    expect(listenAddress(text, true)).toMatchObject({ port: 9464 })
  },
)

test.each(['9464', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:65536', '::1:9464', 'localhost:9464', '127.0.0.300:80', ''])(
  '%j is no address with a port',
  (text) => {
    expect(listenAddress(text, true)).toContain('write one like 127.0.0.1:9464')
  },
)
