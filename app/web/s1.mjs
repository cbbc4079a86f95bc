import { open } from './shoot.mjs'
for (const w of [390, 1440]) {
  const { browser, page, shot } = await open('member', w)
  await page.goto('/learn'); await page.waitForLoadState('networkidle'); await shot(`learn-${w}`)
  await page.goto('/knowledge'); await page.waitForLoadState('networkidle'); await shot(`list-${w}`)
  const items = await page.evaluate(async () => (await (await fetch('/api/v1/knowledge?limit=50')).json()).items.map((i) => [i.id, i.kind, i.title, i.standing]))
  if (w === 390) console.log(items.map((i) => i.join(' ')).join('\n'))
  const law = items.find((i) => i[3] === 'in_force'), old = items.find((i) => i[3] === 'replaced')
  for (const [n, i] of [['law', law], ['old', old]]) if (i) { await page.goto('/knowledge/' + i[0]); await page.waitForLoadState('networkidle'); await shot(`${n}-${w}`) }
  await browser.close()
  const b = await open('', w)
  await b.page.goto('/knowledge'); await b.page.waitForLoadState('networkidle'); await b.shot(`public-${w}`)
  await b.page.goto('/knowledge/' + law[0]); await b.page.waitForLoadState('networkidle'); await b.shot(`public-read-${w}`)
  await b.page.goto('/knowledge/nope'); await b.page.waitForLoadState('networkidle'); await b.shot(`public-absent-${w}`)
  await b.browser.close()
}
