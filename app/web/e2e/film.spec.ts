// A video: uploaded, converted before the author's eyes, and played as a stream; where the stream fails, as a file.
import { execFileSync } from 'node:child_process'
import { accessible, expect, signIn, test } from './support'

/** A clip with picture and sound, one of its own by its tone. */
function clip(path: string): void {
  const tone = 300 + (Date.now() % 1000)
  const sources = ['-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=25', '-f', 'lavfi', '-i', `sine=frequency=${tone}`]
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...sources, '-t', '14', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path])
}

test('a video is converted and plays as a stream, with poster and place; as a file where the stream fails', async ({ page }, info) => {
  test.setTimeout(180_000)
  const path = info.outputPath('主题党课.mp4')
  clip(path)
  await signIn(page, 'trainer')
  await page.goto('/work/media')
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  await page.locator('input[type=file]').setInputFiles(path)
  await expect(page.getByText('已存入素材库')).toBeVisible({ timeout: 30_000 })

  const drawer = page.getByRole('dialog')
  await expect(async () => { // the list is fetched anew when a file has come: a click may meet the row that goes
    if (!(await drawer.isVisible())) await page.getByRole('button', { name: /主题党课\.mp4/ }).last().click()
    await expect(drawer.getByRole('group', { name: '主题党课.mp4' })).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 20_000 })
  await expect(drawer.getByText('已转码，播放时按网速选择清晰度')).toBeVisible({ timeout: 120_000 })

  const player = drawer.getByRole('group', { name: '主题党课.mp4' })
  const video = player.locator('video')
  const state = () => video.evaluate((v: HTMLVideoElement) => ({ at: v.currentTime, src: v.currentSrc, wide: v.videoWidth }))
  await expect(player).toContainText(/\/ 00:1[45]/)
  await expect.poll(async () => (await state()).src, { timeout: 30_000 }).toMatch(/^blob:/)
  const poster = await video.getAttribute('poster')
  expect((await page.request.get(poster!)).headers()['content-type']).toBe('image/jpeg')
  await accessible(page, 'a converted video')
  await page.screenshot({ path: `test-results/film-${info.project.name}.png` })
  // Subtitles stand over the stream as over a file.
  await drawer.locator('input[type=file]').setInputFiles({ name: '字幕.srt', mimeType: 'application/x-subrip', buffer: Buffer.from('1\n00:00:00,000 --> 00:00:12,000\n不忘初心\n') })
  await player.getByRole('button', { name: '字幕' }).click()
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => [...v.textTracks].filter((one) => one.mode === 'showing').map((one) => one.cues?.length))).toEqual([1])
  await player.getByRole('button', { name: '播放' }).click()
  await expect.poll(async () => (await state()).at).toBeGreaterThan(1)
  expect((await state()).wide).toBe(640)
  const segments = requests.filter((url) => url.includes('/stream/'))
  expect(segments.some((url) => url.endsWith('/main.m3u8')) && segments.some((url) => url.endsWith('/360p.m3u8')) && segments.some((url) => url.endsWith('/360p.mp4'))).toBe(true)
  await player.getByRole('slider').fill('8')
  await expect.poll(async () => (await state()).at).toBeGreaterThan(8.2)
  await player.getByRole('button', { name: '暂停' }).click()

  // The place is found again; then the stream fails, and the file goes on from there.
  await page.route('**/stream/**/*.mp4', (route) => route.fulfill({ status: 200, contentType: 'video/mp4', body: 'nothing of a film' }))
  await page.evaluate(() => localStorage.setItem('qiming.media.at', JSON.stringify([[new URL(location.href).searchParams.get('open'), 3]])))
  await page.reload()
  await expect.poll(async () => (await state()).src, { timeout: 20_000 }).toMatch(/\/files\/[0-9a-f]{32}\?/)
  await expect(player).toContainText(/\/ 00:1[45]/)
  await player.getByRole('button', { name: '播放' }).click()
  await expect.poll(async () => (await state()).at).toBeGreaterThan(3.5)
})

test('the administrator sees that videos are converted', async ({ page }) => {
  await signIn(page, 'system')
  await page.goto('/work/jobs')
  await expect(page.getByText(/视频转码可用（ffmpeg \S+）/)).toBeVisible()
  await accessible(page, 'jobs')
})
