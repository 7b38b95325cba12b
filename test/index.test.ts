import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Classifier, loadSignatures, openInput, readInput } from '../src/index.ts'

test('a program can read a capture and recognise the apps in it with what the package exports', async () => {
  const classifier = new Classifier(loadSignatures('signatures'))
  const options = { standardInput: new PassThrough(), hashUnpacked: false }
  const { chunks, format, close } = await openInput('samples/captures/guest-wifi.pcap', options)
  const apps = new Set<string>()
  const summary = await readInput(chunks, format!, {
    observe: ({ name }) => {
      for (const { signature } of classifier.matchName(name)) apps.add(signature.id)
    },
  })
  close()
  expect([...apps].sort()).toEqual(['telegram', 'whatsapp'])
  expect(summary.damage).toBeUndefined()
})
