import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Who may import whom, beside itself: folders of `src/`, and the files that stand beside them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  read: ['base', 'model'],
  decode: ['base', 'model'],
  extract: ['base', 'model'],
  classify: ['base', 'model'],
  aggregate: ['base', 'model'],
  subjects: ['base', 'model'],
  judge: ['base', 'model'],
  report: ['base', 'model'],
  store: ['base', 'model', 'audit'],
  audit: ['base', 'model'],
  prove: ['base', 'model'],
  jobs: ['base', 'model'],
  notify: ['base', 'model'],
  'input.ts': ['base', 'model', 'read', 'extract'],
  'log-records.ts': ['base', 'model', 'read', 'input.ts'],
  'log-parts.ts': ['base', 'model', 'read', 'input.ts', 'log-records.ts'],
  'pipeline.ts': [
    'base',
    'model',
    'read',
    'decode',
    'extract',
    'classify',
    'aggregate',
    'subjects',
    'input.ts',
    'log-records.ts',
  ],
  'judgement.ts': ['base', 'model', 'judge', 'store'],
  sweep: [
    'base',
    'model',
    'read',
    'decode',
    'classify',
    'subjects',
    'aggregate',
    'store',
    'input.ts',
    'pipeline.ts',
    'log-records.ts',
    'log-parts.ts',
  ],
  'index.ts': ['base', 'model', 'read', 'classify', 'input.ts', 'pipeline.ts'],
  cli: ['*'],
}

/** What only some may import. */
const KEPT: readonly (readonly [module: RegExp, by: RegExp])[] = [
  [/^better-sqlite3$/, /^store\//],
  [
    /^(node:)?fs(\/promises)?$/,
    /^(store|cli)\/|^read\/(source|inputs|fingerprint)\.ts$|^classify\/(folder|compiled)\.ts$|^judge\/load\.ts$|^notify\/append-lines\.ts$/,
  ],
  [/^(node:)?worker_threads$/, /^sweep\/(hasher|parts|part-worker)\.ts$/],
  [/^(node:)?process$/, /^cli\//],
  [/^(node:)?(net|https|dgram|dns|tls)(\/promises)?$|^nodemailer$/, /^notify\//],
  [/^(node:)?child_process$/, /^cli\/(tshark|service|key-source)\.ts$/],
  [/^(node:)?http$/, /^cli\/metrics-server\.ts$/],
]

/** What must not be written, and where it may. Time and chance come in as data. */
const FORBIDDEN: readonly (readonly [what: string, code: RegExp, allowed: RegExp])[] = [
  ['names process', /\bprocess\b/, /^cli\//],
  ['asks for the time', /\bDate\.now\b|\bnew Date(?!\w)(?!\()|\bnew Date\(\s*\)|\bperformance\.|\bhrtime\b/, /^cli\//],
  [
    'leaves something to chance',
    /\bMath\.random\b|\brandom(Bytes|UUID|Int|Fill)\b/,
    /^cli\/|^base\/authenticated\.ts$/,
  ],
  ['has a default export', /\bexport\s+default\b|\bas\s+default\b/, /^$/],
  ['uses require', /\brequire\s*\(/, /^$/],
]

/** Every way in which these sources (by path under `src/`) go against the tables, as `file: what`. */
function violations(sources: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const [file, source] of sources) {
    const own = partOf(file)
    const allowed = MAY_IMPORT[own]
    if (allowed === undefined) {
      found.push(`${file}: ${own} is not in the table`)
      continue
    }
    const code = withoutComments(source)
    for (const specifier of importsOf(code)) {
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(file), specifier)
        const part = partOf(target)
        if (!sources.has(target)) found.push(`${file}: imports ${target}, which is no file of src`)
        else if (part !== own && !allowed.includes(part) && !allowed.includes('*')) {
          found.push(`${file}: imports ${target}`)
        }
      } else {
        const [, by] = KEPT.find(([module]) => module.test(specifier)) ?? []
        if (by !== undefined && !by.test(file)) found.push(`${file}: imports ${specifier}`)
      }
    }
    const words = withoutStrings(code)
    for (const [what, pattern, where] of FORBIDDEN) {
      if (pattern.test(words) && !where.test(file)) found.push(`${file}: ${what}`)
    }
  }
  return found
}

function partOf(file: string): string {
  return file.split('/')[0]!
}

/** The modules that are imported or exported from, also for their types only and while the program runs. */
function importsOf(code: string): string[] {
  const specifiers = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])(?<specifier>[^'"\n]+)\1/g
  return [...code.matchAll(specifiers)].map(({ groups }) => groups!.specifier!)
}

const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/

function withoutComments(source: string): string {
  const pattern = new RegExp(`${STRING.source}|(?<comment>${COMMENT.source})`, 'g')
  return source.replace(pattern, (text, ...rest) => (rest.at(-1).comment === undefined ? text : ' '))
}

/** What is within `${…}` of a template stays. */
function withoutStrings(code: string): string {
  return code.replace(new RegExp(STRING.source, 'g'), (text) => (text.match(/\$\{[^}]*\}/g) ?? []).join(' '))
}

test('what is in src keeps to the tables', () => {
  const folder = join(import.meta.dirname, '../src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(100)
  const sources = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
  expect(violations(sources)).toEqual([])
  expect(Object.keys(MAY_IMPORT).filter((part) => !files.some((file) => partOf(file) === part))).toEqual([])
})

describe('the test of the architecture finds', () => {
  const others = {
    'base/time.ts': '',
    'store/store.ts': '',
    'read/source.ts': '',
    'cli/main.ts': '',
    'judge/verdicts.ts': '',
    'pipeline.ts': '',
  }
  const check = (file: string, source: string) => violations(new Map(Object.entries({ ...others, [file]: source })))

  test.each([
    ['judge/a.ts', "import { Store } from '../store/store.ts'", 'imports store/store.ts'],
    ['judge/a.ts', "import type { Store } from '../store/store.ts'", 'imports store/store.ts'],
    ['judge/a.ts', "import {\n  Store,\n} from '../store/store.ts'", 'imports store/store.ts'],
    ['judge/a.ts', "import '../store/store.ts'", 'imports store/store.ts'],
    ['judge/a.ts', "export * from '../store/store.ts'", 'imports store/store.ts'],
    ['judge/a.ts', "export { Store } from '../store/store.ts'", 'imports store/store.ts'],
    ['judge/a.ts', "const { Store } = await import('../store/store.ts')", 'imports store/store.ts'],
    ['judge/a.ts', "type Store = import('../store/store.ts').Store", 'imports store/store.ts'],
    ['judge/deep/a.ts', "import { main } from '../../cli/main.ts'", 'imports cli/main.ts'],
    ['base/a.ts', "import { readInput } from '../pipeline.ts'", 'imports pipeline.ts'],
    ['cli/a.ts', "import { gone } from '../judge/gone.ts'", 'imports judge/gone.ts, which is no file of src'],
    ['judge/a.ts', "import Sqlite from 'better-sqlite3'", 'imports better-sqlite3'],
    ['cli/a.ts', "import Sqlite from 'better-sqlite3'", 'imports better-sqlite3'],
    ['read/log/a.ts', "import { readFileSync } from 'node:fs'", 'imports node:fs'],
    ['read/log/a.ts', "import { readFile } from 'fs/promises'", 'imports fs/promises'],
    ['store/a.ts', "import { exit } from 'node:process'", 'imports node:process'],
    ['cli/a.ts', "import { connect } from 'node:net'", 'imports node:net'],
    ['store/a.ts', 'if (x) process.exit(1)', 'names process'],
    ['store/a.ts', 'const x = globalThis.process.env', 'names process'],
    ['store/a.ts', `const x = \`$\{process.pid}.db\``, 'names process'],
    ['judge/a.ts', 'const now = Date.now()', 'asks for the time'],
    ['judge/a.ts', 'const now = new Date()', 'asks for the time'],
    ['judge/a.ts', 'const now = new Date', 'asks for the time'],
    ['judge/a.ts', 'const id = Math.random()', 'leaves something to chance'],
    ['cli/a.ts', 'export default function run() {}', 'has a default export'],
    ['unknown/a.ts', '', 'unknown is not in the table'],
  ])('in %s: %j', (file, source, what) => {
    expect(check(file, source)).toEqual([`${file}: ${what}`])
  })

  test.each([
    ['judge/a.ts', "import { now } from './verdicts.ts'\nimport { b } from '../base/time.ts'"],
    ['store/a.ts', "import Sqlite from 'better-sqlite3'\nimport { readFileSync } from 'node:fs'"],
    ['cli/a.ts', "import { s } from '../store/store.ts'\nprocess.exit(Date.now())"],
    ['judge/a.ts', "// another process imports from '../store/store.ts'\n/* Date.now()\n process */"],
    ['judge/a.ts', "throw new Error('another process, see https://example.org') // new Date()"],
    ['judge/a.ts', 'const day = new Date(time).toISOString()'],
  ])('nothing in %s: %j', (file, source) => {
    expect(check(file, source)).toEqual([])
  })
})
