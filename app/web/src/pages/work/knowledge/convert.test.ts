// Pastes as the programs make them.
import { describe, expect, test } from 'vitest'
import { toMarkdown } from './convert'

const md = (html: string) => toMarkdown(html).markdown

test('Word: paragraphs, headings and emphasis, without its looks', () => {
  const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red}</style></head><body><!--StartFragment-->
<h1 style='text-align:center'><b><span lang=EN-US>第一章 总则<o:p></o:p></span></b></h1>
<p class=MsoNormal style='text-indent:21.0pt'><span style='font-family:宋体'>　　</span><b><span>第一条</span></b><b><span>　为了规范</span></b><span>党费收缴，制定本规定。<o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal><s>旧</s>新<span style="font-weight:bold">要求</span></p><!--EndFragment--></body></html>`
  expect(md(html)).toBe('# 第一章 总则\n\n**第一条　为了规范**党费收缴，制定本规定。\n\n~~旧~~新**要求**')
})

test('Word: numbers and signs become lists, Chinese numbers stay as they are read', () => {
  const line = (level: number, sign: string, text: string) => `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${sign}<span>&nbsp;&nbsp; </span></span><![endif]>${text}</p>`
  expect(md([line(1, '1.', '甲'), line(2, '·', '甲一'), line(2, '·', '甲二'), line(1, '2.', '乙')].join('\n'))).toBe('1. 甲\n   - 甲一\n   - 甲二\n2. 乙')
  expect(md([line(1, '一、', '总体要求'), '<p>正文</p>', line(1, '二、', '主要任务')].join(''))).toBe('一、总体要求\n\n正文\n\n二、主要任务')
  expect(md(line(1, '3.', '丙') + line(1, '4.', '丁'))).toBe('3. 丙\n4. 丁')
  expect(md(line(1, 'Ø', '甲') + '<p>正文</p>' + line(1, '·', '乙'))).toBe('- 甲\n\n正文\n\n- 乙')
})

describe('tables', () => {
  test('of Excel: one line of heads, bars escaped, empty edges gone', () => {
    const html = `<table><col width=72><tr><td>姓名</td><td>应交<br>金额</td><td></td></tr><tr><td>张三</td><td>12.50</td><td></td></tr><tr><td>甲|乙</td><td></td><td></td></tr><tr><td></td><td></td><td></td></tr></table>`
    expect(md(html)).toBe('| 姓名 | 应交 金额 |\n| --- | --- |\n| 张三 | 12.50 |\n| 甲\\|乙 |  |')
  })
  test('merged: down in each row, across once, over everything the title', () => {
    const html = `<table><tr><td colspan=3>2026 年计划</td></tr><tr><td>季度</td><td colspan=2>安排</td></tr><tr><td rowspan=2>一</td><td>1月</td><td>学习</td></tr><tr><td>2月</td><td>测试</td></tr></table>`
    expect(md(html)).toBe('2026 年计划\n\n| 季度 | 安排 |  |\n| --- | --- | --- |\n| 一 | 1月 | 学习 |\n| 一 | 2月 | 测试 |')
  })
  test('of Word, with paragraphs and emphasis in the cells, between paragraphs', () => {
    const html = `<p>见下表：</p><table class=MsoTableGrid><tr><td><p><b>项目</b></p></td><td><p><b>标准</b></p></td></tr><tr><td><p>工资</p><p>3000 元以下</p></td><td><p>0.5%</p></td></tr></table><p>完。</p>`
    expect(md(html)).toBe('见下表：\n\n| 项目 | 标准 |\n| --- | --- |\n| 工资 3000 元以下 | 0.5% |\n\n完。')
  })
  test('of one column is lines, of one cell is words', () => {
    expect(md('<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>')).toBe('甲\n\n乙')
    expect(md('<table><tr><td>甲</td></tr></table>')).toBe('甲')
  })
  test('within tables are words of the cell', () => {
    expect(md('<table><tr><td>甲</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr><tr><td>乙</td><td>3</td></tr></table>')).toBe('| 甲 | 12 |\n| --- | --- |\n| 乙 | 3 |')
  })
  test('with a span that is nonsense do not run away', () => {
    expect(md('<table><tr><td rowspan=99999999>甲</td><td colspan=-3>乙</td></tr></table>')).toBe('| 甲 | 乙 |\n| --- | --- |')
  })
})

test('lists and links of pages; what is no address of a page is words', () => {
  expect(md('<ul><li><p>甲</p></li><li>乙<ol start="3"><li>丙</li></ol></li></ul>')).toBe('- 甲\n- 乙\n  3. 丙')
  expect(md('<p><a href="https://example.org/a">原文</a>，<a href="javascript:alert(1)">坏</a>，<a name="x">书签</a></p>')).toBe('[原文](https://example.org/a)，坏，书签')
  expect(md('<b style="font-weight:normal"><p>一</p><p>二</p></b>')).toBe('一\n\n二')
})

test('only what would be read as Markdown is escaped', () => {
  expect(md('<p>1. 开头</p><p>1.总则 [2026] 3_号 a*b</p><p># 井号</p><p>[甲](乙) &lt;b&gt; &lt;党章&gt;</p>')).toBe('1\\. 开头\n\n1.总则 [2026] 3_号 a\\*b\n\n\\# 井号\n\n\\[甲](乙) \\<b> <党章>')
})

test('pictures that come along are handed on, others are counted; nothing runs', () => {
  const got = toMarkdown('<p>图：<img alt="会场" src="data:image/png;base64,iVBORw0KGgo="><img src="file:///C:/a.png"><img src="https://example.org/x.gif" onerror="alert(1)"></p><script>alert(1)</script><style>p{}</style>')
  expect(got.lost).toBe(2)
  expect(got.pictures.map((one) => [one.file.name, one.file.type, one.file.size])).toEqual([['会场.png', 'image/png', 8]])
  expect(got.markdown).toBe(`图：${got.pictures[0]!.mark}`)
})

test('nothing gives nothing', () => {
  for (const html of ['', '<p>&nbsp;</p>', '<table></table>', '<table><tr><td></td></tr></table>', '<b></b>']) expect(md(html)).toBe('')
})
