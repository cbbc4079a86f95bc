import { open } from './shoot.mjs'
for (const w of [390, 1440]) {
  const { browser, page, shot } = await open('trainer', w)
  const go = async (p, n, full) => { await page.goto(p); await page.waitForLoadState('networkidle'); await page.waitForTimeout(700); await shot(`${n}-${w}`, full) }
  await go('/work/knowledge', 'desk')
  const items = await page.evaluate(async () => (await (await fetch('/api/v1/articles?limit=50')).json()).items.map((i) => [i.id, i.status, i.draft.kind, i.draft.title, i.author_name]))
  if (w === 390) console.log(items.map((i) => i.join(' ')).join('\n'))
  const pub = items.find((i) => i[1] === 'published' && i[2] === 'regulation'), dr = items.find((i) => i[1] === 'draft')
  await go('/work/knowledge?open=' + pub[0], 'drawer')
  await go('/work/knowledge/' + (dr ?? pub)[0] + '/edit', 'edit', w === 390)
  await go('/work/knowledge/new/edit?kind=regulation', 'new', w === 390)
  await go('/work/knowledge/words', 'words')
  await go('/work/knowledge/takedowns', 'takedowns')
  await browser.close()
}
