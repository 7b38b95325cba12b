import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BUNDLED_SIGNATURES, COMPILED_SIGNATURES } from '../src/cli/signature-set.ts'
import { ROOT } from './e2e/program.ts'

const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))
const manifest = read('package.json')
const lock = read('package-lock.json')

test('the lock file names no registry, and every package by its hash', () => {
  for (const [name, entry] of Object.entries<Record<string, unknown>>(lock.packages)) {
    expect([name, entry.resolved]).toEqual([name, undefined])
    if (name !== '') expect([name, entry.integrity]).toEqual([name, expect.stringMatching(/^sha512-/)])
  }
  expect(readFileSync(join(ROOT, '.npmrc'), 'utf8')).toContain('omit-lockfile-registry-resolved=true')
})

test('the database driver is never compiled while it is installed', () => {
  expect(lock.packages['node_modules/better-sqlite3'].gypfile).toBe(false)
  expect(manifest.allowScripts).toEqual({ node: true, 'better-sqlite3': false })
})

test('every dependency has one version, the one that is locked', () => {
  const wanted: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies }
  for (const [name, version] of Object.entries(wanted)) {
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-r\.\d+)?$/)])
    expect([name, lock.packages[`node_modules/${name}`].version]).toEqual([name, version])
  }
  expect([lock.version, lock.packages[''].engines]).toEqual([manifest.version, manifest.engines])
})

test('what the program imports is a dependency, and every dependency is imported', () => {
  const imported = new Set<string>()
  const specifier = /(?:^import [^']*|^} from |\bimport\(|\)\.resolve\()['`]([^'`.][^'`]*)['`]/gm
  for (const file of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const source = readFileSync(join(ROOT, 'src', file), 'utf8')
    for (const [, name] of source.matchAll(specifier)) {
      // A module of a package is imported as `package/module`.
      if (!name!.startsWith('node:')) imported.add(/^(@[^/]+\/)?[^/]+/.exec(name!)![0])
    }
  }
  expect([...imported].sort()).toEqual(Object.keys(manifest.dependencies).sort())
})

test('what is published holds all that the program needs while it runs', () => {
  const published = (path: string) =>
    manifest.files.some((entry: string) => path === entry || path.startsWith(`${entry}/`))
  const needed = [
    ...Object.values<string>(manifest.bin),
    ...Object.values<string>(manifest.exports['.']),
    BUNDLED_SIGNATURES,
    COMPILED_SIGNATURES.replace('/src/', '/dist/'),
    'dist/bundle/start.js',
    'dist/bundle/hasher.js',
    'samples/policy.yaml',
    'docs/formats.md',
  ].map((path) => path.replace(ROOT, '').replace(/^\.\//, ''))
  for (const path of needed) expect([path, published(path), existsSync(join(ROOT, path))]).toEqual([path, true, true])
  for (const entry of manifest.files) expect([entry, existsSync(join(ROOT, entry))]).toEqual([entry, true])
  expect(manifest.files).not.toContain('test')
})

test('what starts the program runs on a Node that is too old to run it', () => {
  const start = readFileSync(join(ROOT, Object.values<string>(manifest.bin)[0]!), 'utf8')
  expect(start).toMatch(/^#!\/usr\/bin\/env node\n/)
  // A static import would be loaded before the version is looked at.
  expect(start).not.toMatch(/^import /m)
})
