import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { report } from './run.ts'
import { scenario } from './scenario.ts'

const CHROMIUM = '/usr/bin/chromium'
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

describe.skipIf(!existsSync(CHROMIUM))('in a browser (chromium)', () => {
  test.each([
    ['a desk', 1280, 1],
    ['a narrow telephone', 320, 1],
    ['a desk at 200 % zoom', 640, 2],
  ])(
    'on %s a report has no violation of WCAG 2.2 AA, needs no other file and is no wider than the page',
    async (_, width, zoom) => {
      const { files } = await report(
        scenario(60),
        '--from',
        '2025-04-01',
        '--until',
        '2025-05-31',
        '--against',
        'previous',
      )
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
      onTestFinished(() => browser.close())
      // axe is put in by the debugger: the policy of the page lets nothing run.
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        deviceScaleFactor: zoom,
        bypassCSP: true,
      })
      const page = await context.newPage()
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      await page.goto(`file://${files.html}`)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      expect(asked).toEqual([`file://${files.html}`])
      await page.evaluate(AXE)
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
      const { violations, passes } = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(tags)} })`)) as {
        violations: Violation[]
        passes: Violation[]
      }
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([])
      expect(passes.length).toBeGreaterThan(20)
    },
  )

  test('a script that somebody put into the file does not run', async () => {
    const { html } = await report(scenario(20), '--from', '2025-05-01', '--until', '2025-05-31')
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.setContent(html.replace('</body>', '<script>document.title = "owned"</script></body>'))
    expect(await page.title()).toContain('Messaging apps on our networks')
    // The style has its hash in the policy: it is the one thing that counts.
    expect(await page.evaluate('getComputedStyle(document.body).margin')).toBe('0px')
  })
})
