// @ts-check
/** `npm run kernel`: compiles the kernel beside this and writes it as a module, for it is a part of the bundle. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const SOURCE = fileURLToPath(new URL('index.ts', import.meta.url))
const MODULE = fileURLToPath(new URL('../kernel.ts', import.meta.url))

/**
 * The text of the module: the same sources and the same compiler give the same.
 *
 * @returns {Promise<string>}
 */
export async function kernelModule() {
  /** @type {Map<string, Uint8Array>} */
  const written = new Map()
  const memory = ['--importMemory', '--initialMemory', '1']
  const { error, stderr } = await asc.main(
    [SOURCE, '--outFile', 'kernel.wasm', '--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', ...memory],
    { writeFile: (name, contents) => void written.set(name, Buffer.from(contents)) },
  )
  const binary = written.get('kernel.wasm')
  if (error !== null || binary === undefined) throw new Error(`${error?.message}\n${stderr.toString()}`)
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,112}/g) ?? []
  return [
    '/** What assembly/index.ts compiles to, in base64: made by `npm run kernel`, never by hand. */',
    'export const KERNEL = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('')",
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(MODULE, await kernelModule())
