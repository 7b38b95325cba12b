import { expect, test } from 'vitest'
import { start, Workplace } from './program.ts'

/** A module that Node loads before the program, after which it says that it is this version. */
function pretending(version: string): string {
  const source = `
    Object.defineProperty(process.versions, 'node', { value: '${version}' })
    Object.defineProperty(process, 'version', { value: 'v${version}' })`
  return `data:text/javascript,${encodeURIComponent(source)}`
}

function runOn(version: string) {
  const { folder: cwd } = new Workplace()
  const { child, ended } = start(['--version'], { cwd, nodeOptions: ['--import', pretending(version)] })
  child.stdin.end()
  return ended
}

test.each(['18.20.4', '20.20.2', '22.13.1'])(
  'on Node %s a line says what is needed, and nothing is loaded',
  async (old) => {
    const { status, stdout, stderr } = await runOn(old)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^offchannel: needs Node 22\.14 or later, this is v\d+\.\d+\.\d+: .*\n$/)
    expect(stderr).toContain(`v${old}`)
  },
)

test.each(['22.14.0', '24.0.0', '26.1.0'])('on Node %s it runs', async (version) => {
  expect(await runOn(version)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  })
})
