// Formatted text of office programs and pages as Markdown: headings, lists, tables, emphasis and links stay, everything else of
// its looks goes. Fetched when something is pasted.
import TurndownService from 'turndown'

export interface Converted {
  markdown: string
  /** pictures that came along; `mark` stands in the text in their place */
  pictures: { mark: string; file: File }[]
  /** pictures that the clipboard only names: they have to be copied by themselves */
  lost: number
}

const service = new TurndownService({ headingStyle: 'atx', bulletListMarker: '-', codeBlockStyle: 'fenced', emDelimiter: '*', hr: '---', br: '' })
service.addRule('struck', { filter: ['del', 's'], replacement: (content) => (content.trim() ? `~~${content}~~` : content) })
service.addRule('item', {
  filter: 'li',
  replacement(content, node) {
    const list = node.parentNode as HTMLElement
    const at = [...list.children].indexOf(node as HTMLElement)
    const mark = list.nodeName === 'OL' ? `${Number(list.getAttribute('start') ?? 1) + at}. ` : '- '
    return mark + content.trim().replace(/\n{2,}(?=\s*(?:-|\d+\.) )/g, '\n').replace(/\n(?=.)/g, `\n${' '.repeat(mark.length)}`) + '\n'
  },
})
service.addRule('cell', { filter: ['td', 'th'], replacement: (content) => ` ${content.trim().replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|')} |` })
service.addRule('row', {
  filter: 'tr',
  replacement(content, node) {
    const cells = [...(node as HTMLElement).children]
    const rule = (node as HTMLElement).dataset.head === undefined ? '' : `\n|${cells.map(() => ' --- |').join('')}`
    return `\n|${content}${rule}`
  },
})
service.addRule('table', { filter: 'table', replacement: (content) => `\n\n${content.trim()}\n\n` })
service.addRule('parts of a table', { filter: ['thead', 'tbody', 'tfoot'], replacement: (content) => content })
service.addRule('marked', { filter: (node) => node.nodeName === 'IMG', replacement: (_, node) => `\uE000${(node as HTMLElement).dataset.mark ?? ''}\uE000` })

// Only what would be read as Markdown is escaped: the text is read by people too.
service.escape = (text) =>
  text
    .replace(/[\\*`]/g, '\\$&')
    .replace(/~~/g, '\\~~')
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/\[(?=[^\]]*\]\s*[([:]|\^)/g, '\\[')
    .replace(/^(\s*)(#{1,6}|>|[-+])(?=\s|$)/gm, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/gm, '$1\\$2')
    .replace(/^(\s*)([-=_]{3,}\s*)$/gm, '$1\\$2')

/** HTML of the clipboard as Markdown. */
export function toMarkdown(html: string): Converted {
  const doc = new DOMParser().parseFromString(html.replace(/<!--[^]*?-->|<!\[(?:if|endif)[^>]*>|<\/?[a-z]\w*:[^>]*>/gi, ''), 'text/html')
  const body = doc.body
  for (const one of body.querySelectorAll('style, script, meta, link, title, noscript, iframe, object, button, select, textarea, input, svg')) one.remove()
  for (const one of [...body.querySelectorAll<HTMLElement>('[style]')]) if (/display:\s*none|mso-hide:\s*all/i.test(styleOf(one))) one.remove()
  const { pictures, lost } = takePictures(body)
  emphasise(doc)
  makeLists(doc)
  for (const one of [...body.querySelectorAll('font, u')]) unwrap(one)
  for (const one of [...body.querySelectorAll('a')]) if (!/^(https?:|mailto:)/i.test(one.getAttribute('href') ?? '')) unwrap(one)
  for (const table of [...body.querySelectorAll('table table')]) table.replaceWith(doc.createTextNode(wordsOf(table)))
  for (const table of [...body.querySelectorAll('table')]) makeTable(doc, table)
  join(body)
  for (const one of [...body.querySelectorAll('h1, h2, h3, h4, h5, h6, th')]) for (const strong of [...one.querySelectorAll('strong')]) unwrap(strong)
  for (const one of [...body.querySelectorAll('p, li, h1, h2, h3, h4, h5, h6, div')]) trimStart(one)
  const markdown = service
    .turndown(body)
    .replace(/\uE000([^\uE000]*)\uE000/g, '$1')
    .replace(/[\u00a0\u2002\u2003]/g, ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return { markdown, pictures, lost }
}

const styleOf = (element: Element): string => element.getAttribute('style') ?? ''
const wordsOf = (element: Element): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim()
function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes)
}

/** Takes the pictures out that came along, and counts those that did not. */
function takePictures(body: HTMLElement): Pick<Converted, 'pictures' | 'lost'> {
  const pictures: Converted['pictures'] = []
  let lost = 0
  for (const image of [...body.querySelectorAll('img')]) {
    const found = /^data:(image\/(png|jpeg|gif|webp));base64,([a-z0-9+/=\s]+)$/i.exec(image.getAttribute('src') ?? '')
    if (!found) {
      lost++
      image.remove()
      continue
    }
    const bytes = Uint8Array.from(atob(found[3]!.replace(/\s/g, '')), (sign) => sign.charCodeAt(0))
    const mark = `\uE001${pictures.length}\uE001`
    pictures.push({ mark, file: new File([bytes], `${(image.getAttribute('alt') ?? '').trim() || 'image'}.${found[2]!.toLowerCase()}`, { type: found[1]!.toLowerCase() }) })
    image.setAttribute('data-mark', mark)
  }
  return { pictures, lost }
}

/** Emphasis that only the style says. */
function emphasise(doc: Document): void {
  for (const one of [...doc.body.querySelectorAll<HTMLElement>('b, strong')]) {
    if (/font-weight:\s*(normal|[1-4]00)/i.test(styleOf(one))) unwrap(one)
    else if (one.nodeName === 'B') rename(doc, one, 'strong')
  }
  for (const one of [...doc.body.querySelectorAll<HTMLElement>('i')]) rename(doc, one, 'em')
  for (const one of [...doc.body.querySelectorAll<HTMLElement>('strike')]) rename(doc, one, 'del')
  for (const one of [...doc.body.querySelectorAll<HTMLElement>('span')]) {
    if (/font-weight:\s*(bold|[6-9]00)/i.test(styleOf(one)) && !one.closest('strong')) rename(doc, one, 'strong')
    else if (/text-decoration[^;]*line-through/i.test(styleOf(one))) rename(doc, one, 'del')
    else if (!/mso-list:\s*ignore/i.test(styleOf(one))) unwrap(one)
  }
}
function rename(doc: Document, element: HTMLElement, tag: string): void {
  const next = doc.createElement(tag)
  next.append(...element.childNodes)
  element.replaceWith(next)
}

/** Runs of the same emphasis that follow each other are one: programs cut them where nothing changes. */
function join(body: HTMLElement): void {
  for (const one of [...body.querySelectorAll('strong, em, del')]) {
    if (!one.isConnected) continue
    while (one.nextSibling?.nodeName === one.nodeName) {
      one.append(...one.nextSibling.childNodes)
      one.nextSibling.remove()
    }
    for (const inner of [...one.querySelectorAll(one.nodeName)]) unwrap(inner)
    if (!wordsOf(one) && !one.querySelector('img')) unwrap(one)
  }
}

/** Word's lists are paragraphs with a mark: those with a sign or an Arabic number become lists, 一、 and 第一条 stay as they are read. */
function makeLists(doc: Document): void {
  let lists: HTMLElement[] = []
  let last: Element | null = null
  for (const line of [...doc.body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6')]) {
    const level = Number(/mso-list:[^;]*\blevel(\d)/i.exec(styleOf(line))?.[1] ?? 0)
    const mark = [...line.querySelectorAll<HTMLElement>('span')].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)))
    if (!level || !mark || line.nodeName !== 'P') continue
    const sign = wordsOf(mark)
    const number = /^(\d+)[.)．]$/.exec(sign)
    if (!number && /[\p{Script=Han}\p{L}\p{N}]{1,}[、.)）．]|\p{Script=Han}/u.test(sign)) {
      mark.replaceWith(doc.createTextNode(/\p{Script=Han}/u.test(sign) ? sign : `${sign} `))
      continue
    }
    mark.remove()
    const item = doc.createElement('li')
    item.append(...line.childNodes)
    const tag = number ? 'ol' : 'ul'
    if (last !== line.previousElementSibling) lists = []
    lists.length = Math.min(lists.length, level)
    let list = lists[level - 1]
    if (list && list.nodeName !== tag.toUpperCase()) list = undefined
    if (!list) {
      list = doc.createElement(tag)
      if (number && number[1] !== '1') list.setAttribute('start', number[1]!)
      const above = lists.slice(0, level - 1).at(-1)?.lastElementChild
      if (above) above.append(list)
      else line.before(list)
      lists[level - 1] = list
      for (let i = 0; i < level - 1; i++) lists[i] ??= list
    }
    list.append(item)
    last = lists[0]!
    line.remove()
  }
  for (const mark of [...doc.body.querySelectorAll<HTMLElement>('span')]) unwrap(mark)
}

/** A table of equal rows with one line of heads. Merged cells: their words stand in each row, and once across. */
function makeTable(doc: Document, table: HTMLTableElement): void {
  const grid: (Element | null)[][] = []
  const lines = [...table.querySelectorAll('tr')]
  lines.forEach((line, y) => {
    grid[y] ??= []
    let x = 0
    for (const cell of [...line.children].filter((one) => /^T[DH]$/.test(one.nodeName))) {
      while (grid[y]![x] !== undefined) x++
      const span = (name: string, most: number) => Math.min(Math.max(Number(cell.getAttribute(name)) || 1, 1), most)
      const [wide, high] = [span('colspan', 100), span('rowspan', lines.length - y)]
      for (let dy = 0; dy < high; dy++) for (let dx = 0; dx < wide; dx++) (grid[y + dy] ??= [])[x + dx] = dx ? null : cell
      x += wide
    }
  })
  const full = (cell: Element | null | undefined) => Boolean(cell && (wordsOf(cell) || cell.querySelector('img')))
  const rows = grid.filter((row) => row?.some(full))
  const width = Math.max(0, ...rows.map((row) => row.reduce((last, cell, x) => (full(cell) ? x + 1 : last), 0)))
  const out: Node[] = []
  // A line over the whole width is what the table is called.
  while (rows.length > 1 && width > 1 && rows[0]!.filter(full).length === 1 && rows[0]!.length >= width && rows[0]!.every((cell, x) => x === 0 || cell === null)) {
    const title = doc.createElement('p')
    title.append(...rows.shift()![0]!.cloneNode(true).childNodes)
    out.push(title)
  }
  if (width <= 1) {
    for (const row of rows) {
      const line = doc.createElement('div')
      line.append(...row[0]!.cloneNode(true).childNodes)
      out.push(line)
    }
    return table.replaceWith(...out)
  }
  const made = doc.createElement('table')
  rows.forEach((row, y) => {
    const line = doc.createElement('tr')
    if (y === 0) line.dataset.head = ''
    for (let x = 0; x < width; x++) {
      const cell = doc.createElement(y === 0 ? 'th' : 'td')
      const from = row[x]
      if (from) cell.append(...flat(doc, from))
      line.append(cell)
    }
    made.append(line)
  })
  table.replaceWith(...out, made)
}

/** What stands in a cell as one line: paragraphs, lists and headings have no place in it. */
function flat(doc: Document, cell: Element): Node[] {
  const copy = cell.cloneNode(true) as Element
  for (const one of [...copy.querySelectorAll('p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, blockquote, pre, br')]) {
    one.before(doc.createTextNode(' '))
    if (one.nodeName === 'BR') one.remove()
    else unwrap(one)
  }
  return [...copy.childNodes]
}

/** Blanks at the head of a paragraph set it in: that is done by the page. */
function trimStart(block: Element): void {
  let node: Node | null = block.firstChild
  while (node && node.nodeType !== 3 && node.firstChild) node = node.firstChild
  if (node?.nodeType === 3) node.nodeValue = (node.nodeValue ?? '').replace(/^[\s\u3000\u00a0]+/, '')
}
