import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { Terminal, type TextStream } from '../../src/cli/terminal.ts'

interface Told extends TextStream {
  text: string
}

function stream(given: Omit<TextStream, 'write'> = {}): Told {
  return {
    text: '',
    write(text) {
      this.text += text
    },
    ...given,
  }
}

function terminal(given: Omit<TextStream, 'write'> = {}, environment: Record<string, string> = {}) {
  const [stdout, stderr] = [stream(given), stream(given)]
  return Object.assign(new Terminal(stdout, stderr, environment, Readable.from([])), { stdout, stderr })
}

const RED = '\x1b[31mred\x1b[39m'

test.each([
  ['in a pipe', {}, {}, 'auto', 'red'],
  ['on a terminal', { isTTY: true }, {}, 'auto', RED],
  ['on a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, 'auto', 'red'],
  ['on a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, 'auto', RED],
  ['on a terminal that can do nothing', { isTTY: true }, { TERM: 'dumb' }, 'auto', 'red'],
  ['in a pipe with --color always', {}, {}, 'always', RED],
  ['with NO_COLOR and --color always', {}, { NO_COLOR: '1' }, 'always', RED],
  ['on a terminal with --color never', { isTTY: true }, {}, 'never', 'red'],
] as const)('colours %s', (_, given, environment, choice, shown) => {
  const one = terminal(given, environment)
  one.colours = choice
  expect(one.style('red', 'red')).toBe(shown)
})

test('data goes to standard output, notes and problems to standard error', () => {
  const one = terminal()
  one.out('data')
  one.json({ name: 'a\u009bb\u202ec\n' })
  one.note('note')
  expect([one.stdout.text, one.stderr.text]).toEqual(['data\n{"name":"a\\u009bb\\u202ec\\n"}\n', 'note\n'])
  expect(one.exitStatus).toBe(0)
  one.problem('problem')
  expect([one.stderr.text, one.exitStatus]).toEqual(['note\noffchannel: problem\n', 2])
})

test('quiet leaves out notes, but no problem', () => {
  const one = terminal()
  one.quiet = true
  one.note('note')
  one.problem('problem')
  expect(one.stderr.text).toBe('offchannel: problem\n')
})

test.each([
  [{ columns: 120 }, {}, 120],
  [{ columns: 120 }, { COLUMNS: '80' }, 120],
  [{}, { COLUMNS: '80' }, 80],
  [{}, {}, 100],
  [{}, { COLUMNS: 'wide' }, 100],
  [{}, { COLUMNS: '3' }, 100],
])('the width of %j with %j is %i', (given, environment, width) => {
  expect(terminal(given, environment).width).toBe(width)
})
