import { describe, expect, test } from 'vitest'
import { Classifier } from '../../src/classify/classifier.ts'
import { joinLayers, type Layer } from '../../src/classify/layers.ts'
import type { Signature } from '../../src/model/signature.ts'
import { made } from './made.ts'

function layer(folder: string, signatures: readonly Signature[], withdrawn: readonly string[] = []): Layer {
  return {
    folder,
    set: { signatures, hash: `hash of ${folder}` },
    withdrawals: withdrawn.map((indicator) => ({ indicator, reason: `of ${folder}`, date: '2026-11-21' })),
    locate: ({ id }, { message }) => ({ file: `${id}.yaml`, line: 7, message }),
  }
}

const CHAT = made('chat', 'suffix chat.example')
const NEXT: Signature = { ...made('chat', 'suffix talk.example'), revision: 2 }
const matchesOf = (signatures: readonly Signature[], name: string) =>
  new Classifier({ signatures }).matchName(name).map(({ signature }) => signature.id)

test('a folder adds its apps to those below it, in the order of ids', () => {
  const { set, problems } = joinLayers([layer('below', [CHAT]), layer('own', [made('a', 'suffix a.example')])])
  expect(problems).toEqual([])
  expect(set.signatures.map(({ id }) => id)).toEqual(['a', 'chat'])
  expect([...set.folders]).toEqual([
    ['a', 'own'],
    ['chat', 'below'],
  ])
  expect(set.overrides).toEqual([])
})

test('a higher revision overrides the app below, whole, and is told', () => {
  const { set, problems } = joinLayers([layer('below', [CHAT]), layer('own', [NEXT])])
  expect(problems).toEqual([])
  expect(set.signatures).toEqual([NEXT])
  expect(set.overrides).toEqual([{ id: 'chat', folder: 'own', revision: 2, instead: { folder: 'below', revision: 1 } }])
})

test.each([1, 0])('an id that is taken is a clash where the revision is not higher (%i)', (revision) => {
  const { problems } = joinLayers([layer('below', [CHAT]), layer('own', [{ ...NEXT, revision }])])
  expect(problems).toEqual([
    {
      file: 'own/chat.yaml',
      line: 7,
      message:
        '"chat" is the id of an app of below with revision 1: to override it raise the revision above that, for another app choose another id',
    },
  ])
})

test('a copy that says the same is no override and no clash', () => {
  const { set, problems } = joinLayers([layer('below', [CHAT]), layer('own', [{ ...CHAT }])])
  expect([problems, set.overrides, [...set.folders]]).toEqual([[], [], [['chat', 'below']]])
})

test('the last of several folders counts', () => {
  const third: Signature = { ...made('chat', 'suffix third.example'), revision: 3 }
  const { set, problems } = joinLayers([layer('below', [CHAT]), layer('one', [NEXT]), layer('two', [third])])
  expect([problems, set.signatures, set.folders.get('chat')]).toEqual([[], [third], 'two'])
})

test('a name that an app claims and an app of another folder wins is a problem', () => {
  const claims: Signature = { ...CHAT, shouldMatch: ['www.chat.example'] }
  const { problems } = joinLayers([layer('below', [claims]), layer('own', [made('thief', 'exact www.chat.example')])])
  expect(problems).toEqual([
    {
      file: 'below/chat.yaml',
      line: 7,
      message: '"www.chat.example" is won by exact "www.chat.example" of thief, which is more specific',
    },
  ])
})

describe('a withdrawal', () => {
  const apps = [made('chat', 'exact www.chat.example', 'suffix chat.example'), made('wide', 'suffix example')]

  test('takes the indicator back in whichever folder it stands: what is less specific matches instead', () => {
    const { set, problems } = joinLayers([layer('below', apps), layer('own', [], ['chat suffix chat.example'])])
    expect(problems).toEqual([])
    expect(matchesOf(set.signatures, 'www.chat.example')).toEqual(['chat'])
    expect(matchesOf(set.signatures, 'a.chat.example')).toEqual(['wide'])
    expect(set.signatures[0]!.indicators.map(({ withdrawn }) => withdrawn)).toEqual([undefined, 'of own'])
  })

  test('does not make a name that the app claims a problem', () => {
    const claims = apps.map((app) => (app.id === 'chat' ? { ...app, shouldMatch: ['a.chat.example'] } : app))
    expect(joinLayers([layer('below', claims), layer('own', [], ['chat suffix chat.example'])]).problems).toEqual([])
  })
})

test('the hash is that of a single folder, and changes with every folder and their order', () => {
  const [below, own] = [layer('below', [CHAT]), layer('own', [made('a', 'suffix a.example')])]
  const hashes = [[below], [below, own], [own, below], [below, layer('other', [])]].map(
    (layers) => joinLayers(layers).set.hash,
  )
  expect(hashes[0]).toBe('hash of below')
  expect(new Set(hashes).size).toBe(hashes.length)
})
