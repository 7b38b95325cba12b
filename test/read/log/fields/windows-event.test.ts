import { describe, expect, it } from 'vitest'
import { WindowsEventFields } from '../../../../src/read/log/fields/windows-event.ts'
import { RECORD_LIMIT } from '../../../../src/read/log/framing/records.ts'
import { parse } from './parse.ts'

describe('events of Windows', () => {
  const read = (text: string, ...wanted: readonly string[]) => parse(new WindowsEventFields(wanted), wanted, text)

  it('have elements, attributes and data by name', () => {
    const text =
      '<13>x <Event xmlns="y"><System><Provider Name=\'P\' Guid="G"/><EventID Qualifiers="">22</EventID></System>' +
      '<EventData><Data Name="A">1</Data><Data Name=\'B\'/><Data Name="C"></Data><Data>loose</Data></EventData></Event>'
    expect(
      read(text, 'Provider.Name', 'Provider.Guid', 'EventID', 'EventID.Qualifiers', 'A', 'B', 'C', 'Data'),
    ).toEqual({
      'Provider.Name': 'P',
      'Provider.Guid': 'G',
      EventID: '22',
      A: '1',
    })
  })

  it('have their entities undone', () => {
    const text = '<Event><A>a &lt;b&gt; &amp;amp; &#233;&#xE9; &quot;&apos; &no; & &#xffffffff; x</A></Event>'
    expect(read(text, 'A')).toEqual({ A: 'a <b> &amp; éé "\' &no; & &#xffffffff; x' })
  })

  it('keep the first of equal names, and leave out texts of several lines', () => {
    const text = '<Event><A>1</A><A>2</A><!-- <A>3</A> --><Data Name="B">x\ny</Data><C>x&#10;y</C></Event>'
    expect(read(text, 'A', 'B', 'C')).toEqual({ A: '1', C: 'x&#10;y' })
  })

  it('are not read where they were cut, and are not found in other text', () => {
    expect(read('<Event><A>1</A></Even', 'A')).toBe('bad_xml')
    expect(read('<Events>', 'A')).toBe('bad_xml')
    expect(read('<Happening><A>1</A></Happening>', 'A')).toBe('skip')
  })

  it.each([['<'], ['<A '], ['<A b="'], ["<A b='>"], ['&'], ['&#x'], ['<A>'], ['</'], ['=']])(
    'are read in a time that grows with their length alone: %s',
    (piece) => {
      const text = `<Event>${piece.repeat(RECORD_LIMIT / piece.length)}</Event>`
      const began = performance.now()
      read(text, 'A', 'A.b', 'B')
      expect(performance.now() - began).toBeLessThan(500)
    },
  )
})
