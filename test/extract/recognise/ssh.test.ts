import { describe, expect, test } from 'vitest'
import { ssh } from '../../../src/extract/recognise/ssh.ts'
import { ascii, concat, filler, random, reversed, sshIdentification } from '../../build/index.ts'
import { mutated } from '../../robustness/mutate.ts'
import { ENDS, type Extraction, extract, segment, syn } from '../drive.ts'

const BACK = reversed(ENDS)
const client = sshIdentification('OpenSSH_9.9')
const server = sshIdentification('dropbear_2024.86', { comments: 'of a router' })

function up(bytes: Uint8Array, at = 0): Uint8Array {
  return segment(bytes, 0, bytes.length, 1000 + at)
}

function down(bytes: Uint8Array, at = 0): Uint8Array {
  return segment(bytes, 0, bytes.length, 2000 + at, BACK)
}

function told({ observed }: Extraction): unknown[] {
  return observed.map(({ means, protocol, certainty, software }) => [means, protocol, certainty, software])
}

describe('SSH', () => {
  test('is confirmed by both identifications, whichever comes first, and its software is the client’s', () => {
    expect(told(extract([syn(), up(client), down(server)]))).toEqual([
      ['payload', 'ssh', 'probable', 'OpenSSH_9.9'],
      ['payload', 'ssh', 'confirmed', 'OpenSSH_9.9'],
    ])
    expect(told(extract([syn(), down(server), up(client)]))).toEqual([
      ['payload', 'ssh', 'probable', undefined],
      ['payload', 'ssh', 'confirmed', 'OpenSSH_9.9'],
    ])
  })

  test('is confirmed too where the server has something to say first', () => {
    const lines = ascii('Authorised use only.\r\n')
    expect(told(extract([syn(), down(lines), up(client), down(server, lines.length)]))).toEqual([
      ['payload', 'ssh', 'probable', 'OpenSSH_9.9'],
      ['payload', 'ssh', 'confirmed', 'OpenSSH_9.9'],
    ])
  })

  test('is not confirmed by what one side says twice, nor by what is no identification', () => {
    const more = [up(client, client.length), down(filler(300, 1)), up(filler(300, 2), 2 * client.length)]
    expect(told(extract([syn(), up(client), ...more]))).toEqual([['payload', 'ssh', 'probable', 'OpenSSH_9.9']])
  })

  test('is known on any port, and by the versions of old', () => {
    for (const version of ['2.0', '1.99', '1.5']) {
      const bytes = sshIdentification('x', { version })
      const ends = { ...ENDS, destinationPort: 443 }
      expect(told(extract([segment(bytes, 0, bytes.length, 1, ends)]))).toEqual([['payload', 'ssh', 'probable', 'x']])
    }
  })

  test.each([
    ['ends with its line', ascii('SSH-2.0-a\n'), 'a'],
    ['is followed by the key exchange', concat(client, filler(500, 3)), 'OpenSSH_9.9'],
    ['has hyphens, which it must not', ascii('SSH-2.0-Cisco-1.25\r\n'), 'Cisco-1.25'],
    ['is as long as it may be', sshIdentification('s'.repeat(255 - 10)), 's'.repeat(255 - 10)],
    ['is longer', sshIdentification('s'.repeat(255 - 7)), undefined],
    ['is not all there', ascii('SSH-2.0-Open'), undefined],
    ['goes on in another alphabet', ascii('SSH-2.0-Open\u00e9\r\n'), 'Open'],
    ['has an escape sequence in it', ascii('SSH-2.0-a\u001b[2J\r\n'), 'a'],
  ])('whose software %s is known', (_, bytes, software) => {
    expect(told(extract([syn(), up(bytes)]))).toEqual([['payload', 'ssh', 'probable', software]])
  })

  test.each([
    ['SSH-'],
    ['SSH-2.0'],
    ['SSH-2.0-'],
    ['SSH-2.0-\r\n'],
    ['SSH--x\r\n'],
    ['SSH-two-x\r\n'],
    ['SSH-2.0.0.0.0-x\r\n'],
    ['ssh-2.0-x\r\n'],
    ['SSH 2.0-x\r\n'],
  ])('is not %j', (text) => {
    expect(extract([syn(), up(ascii(text))]).observed).toEqual([])
  })

  test('is never read past what was captured', () => {
    for (let number = 0; number < 500; number++) {
      const bytes = mutated(client, random(number))
      for (let end = 0; end <= bytes.length; end++) {
        const alone = bytes.slice(0, end)
        expect(ssh.canBe(bytes, 0, end, end)).toBe(ssh.canBe(alone, 0, end, end))
      }
    }
  })
})
