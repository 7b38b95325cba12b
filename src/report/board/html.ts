import { createHash } from 'node:crypto'
import { type ComponentChild, h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Block, BoardChart, BoardDocument, BoardTable, Section } from './document.ts'
import { type Drawing, type Fill, LABEL_SIZE, type Mark } from './drawing.ts'
import { PAGE_STYLE } from './page-style.ts'

/** Rows of a table that stays on one page when it is printed. */
const SHORT = 12
const INK = '#1a1a1a'
const FILLS: Readonly<Record<Fill, string>> = { solid: '#1f3a5f', hatched: '#ffffff', open: '#ffffff' }

/**
 * One file that needs no other and runs nothing: no script, and a policy by which a browser asks nobody for anything.
 * Whatever comes from data is text in it.
 */
export function boardHtml(document: BoardDocument): string {
  const hash = createHash('sha256').update(PAGE_STYLE).digest('base64')
  const { title, organisation, period, date, mark, answers, sections } = document
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: `default-src 'none'; style-src 'sha256-${hash}'` }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, `${title}: ${organisation}, ${period}`),
      h('style', { dangerouslySetInnerHTML: { __html: PAGE_STYLE } }),
    ),
    h(
      'body',
      null,
      h(
        'header',
        null,
        h('h1', null, title),
        h('p', { class: 'lead' }, organisation),
        h('p', { class: 'lead' }, period),
        h('p', null, `Report of ${date}.`),
        mark === '' ? null : h('p', { class: 'mark' }, mark),
      ),
      h(
        'main',
        null,
        h(
          'div',
          { class: 'answers' },
          ...answers.map(({ question, sentences, framed }) =>
            h(
              'div',
              { class: framed ? 'framed' : undefined },
              h('h2', null, question),
              ...sentences.map((sentence) => h('p', null, sentence)),
            ),
          ),
        ),
        h(
          'nav',
          { 'aria-label': 'Contents' },
          h('h2', null, 'Contents'),
          h('ol', null, ...sections.map(({ id, heading }) => h('li', null, h('a', { href: `#${id}` }, heading)))),
        ),
        ...sections.map(sectionOf),
      ),
      h('footer', null, h('p', null, `${organisation}, ${period}, report of ${date}. ${mark}`.trim())),
    ),
  )
  return `<!DOCTYPE html>\n${apart(renderToString(page))}\n`
}

function sectionOf({ id, heading, blocks }: Section, n: number): ComponentChild {
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-heading`, ...(n === 0 && { class: 'page' }) },
    h('h2', { id: `${id}-heading` }, heading),
    ...blocks.map(blockOf),
  )
}

function blockOf(block: Block): ComponentChild {
  if (block.kind === 'text') return h('p', null, block.text)
  if (block.kind === 'list') return h('ul', null, ...block.items.map((item) => h('li', null, item)))
  return block.kind === 'table' ? tableOf(block.table) : chartOf(block.chart)
}

function tableOf({ caption, columns, rows, numbers }: BoardTable): ComponentChild {
  const head = columns.map((column) => h('th', { scope: 'col' }, column))
  const body = rows.map(([name, ...cells]) =>
    h('tr', null, h('th', { scope: 'row' }, name), ...cells.map((cell) => h('td', null, cell))),
  )
  return h(
    'div',
    {
      class: rows.length <= SHORT ? 'scroll short' : 'scroll',
      role: 'group',
      'aria-label': `Table: ${caption}`,
      tabindex: 0,
    },
    h(
      'table',
      { class: numbers ? 'numbers' : undefined },
      h('caption', null, caption),
      h('thead', null, h('tr', null, ...head)),
      h('tbody', null, ...body),
    ),
  )
}

function chartOf({ title, alternative, drawing }: BoardChart): ComponentChild {
  return h(
    'figure',
    null,
    h('figcaption', null, title),
    h(
      'div',
      { class: 'scroll', role: 'group', 'aria-label': `Chart: ${title}`, tabindex: 0 },
      svgOf(drawing, alternative),
    ),
  )
}

function svgOf({ width, height, marks }: Drawing, alternative: string): ComponentChild {
  return h(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': alternative, 'font-size': LABEL_SIZE, fill: INK },
    ...marks.map(markOf),
  )
}

function markOf(mark: Mark): ComponentChild {
  switch (mark.kind) {
    case 'rect':
      return h('rect', { x: mark.x, y: mark.y, width: mark.w, height: mark.h, fill: FILLS[mark.fill], stroke: INK })
    case 'line':
      return h('line', {
        x1: mark.x1,
        y1: mark.y1,
        x2: mark.x2,
        y2: mark.y2,
        stroke: mark.stroke === 'grid' ? '#c4c4c4' : INK,
        'stroke-width': mark.stroke === 'dashed' ? 2 : 1,
        'stroke-dasharray': mark.stroke === 'dashed' ? '6 4' : undefined,
      })
    case 'path':
      return h('path', { d: mark.d, fill: 'none', stroke: INK, 'stroke-width': mark.stroke === 'thick' ? 3 : 0.7 })
    case 'dot':
      return h('circle', { cx: mark.x, cy: mark.y, r: 5, stroke: '#ffffff', 'stroke-width': 1.5 })
    case 'label':
      return h(
        'text',
        { x: mark.x, y: mark.y, 'text-anchor': mark.anchor, 'font-weight': mark.bold ? 700 : undefined },
        mark.text,
      )
  }
}

/** A line for each block, so that a person can read the file and compare two. */
function apart(html: string): string {
  return html.replace(
    /<(?=(?:body|header|main|nav|section|h[123]|p|ul|ol|li|figure|svg|rect|path|line|circle|text|table|thead|tbody|tr|footer)\b)/g,
    '\n<',
  )
}
