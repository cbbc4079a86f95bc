// Material: an upload in parts that is cut off in the middle and goes on after a reload, is heard, renamed and removed.
import { accessible, expect, signIn, test } from './support'

/** A recording of so many bytes: silence, but for a mark that makes it one of its own. */
function recording(size: number, mark: number): Buffer {
  const wav = Buffer.alloc(size)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(size - 8, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(22_050, 24)
  wav.writeUInt32LE(44_100, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(size - 44, 40)
  wav.writeUInt32LE(mark, 44)
  return wav
}

test('an upload is cut off, goes on after a reload with the same file, and is heard', async ({ page, context }, info) => {
  const size = 3 * 1024 * 1024
  const path = info.outputPath('主题党课录音.wav')
  const { writeFileSync } = await import('node:fs')
  writeFileSync(path, recording(size, Date.now() % 1_000_000))
  await signIn(page, 'trainer')
  await page.goto('/work/media')
  await expect(page.getByRole('heading', { name: '素材库', level: 1 })).toBeVisible()

  // A film of a phone is refused with what is taken instead; nothing of it waits to be gone on with (the one unfinished below).
  const field = page.locator('input[type=file]')
  await field.setInputFiles({ name: 'IMG_0001.MOV', mimeType: 'video/quicktime', buffer: Buffer.concat([Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'latin1'), Buffer.alloc(100_000, 9)]) })
  await expect(page.getByText(/（\.mov）.*视频请用 MP4 或 WebM/)).toBeVisible()

  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  const line = (kilobytes: number) => cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: kilobytes ? kilobytes * 1024 : -1 })
  await line(700)
  await field.setInputFiles(path)
  await expect(page.getByText(/1(\.\d)? MB \/ 3 MB（(3[4-9]|[4-9]\d)%）/)).toBeVisible({ timeout: 20_000 }) // one part is there, the next under way
  await page.getByRole('button', { name: '暂停上传“主题党课录音.wav”' }).click()
  await expect(page.getByText('已暂停')).toBeVisible()
  await page.getByRole('button', { name: '继续上传“主题党课录音.wav”' }).click()
  await page.reload() // as a browser that is killed
  await line(0)

  const rest = page.getByRole('region', { name: '有 1 个未完成的上传' })
  await expect(rest).toContainText(/已传 3[3-9]%|已传 [4-9]\d%/)
  await accessible(page, 'material')
  const sent: number[] = []
  page.on('request', (request) => request.method() === 'PATCH' && sent.push(Number(request.headers()['upload-offset'])))
  const chooser = page.waitForEvent('filechooser')
  await rest.getByRole('button', { name: '选择文件继续' }).click()
  await (await chooser).setFiles(path)
  await expect(page.getByText('已存入素材库')).toBeVisible({ timeout: 20_000 })
  expect(Math.min(...sent)).toBeGreaterThanOrEqual(1024 * 1024) // nothing is sent twice

  const drawer = page.getByRole('dialog')
  const player = drawer.getByRole('group', { name: '主题党课录音.wav' })
  await expect(async () => { // the list is fetched anew when a file has come: a click may meet the row that goes
    if (!(await drawer.isVisible())) await page.getByRole('button', { name: /主题党课录音\.wav/ }).last().click()
    await expect(player).toContainText('01:12', { timeout: 3_000 })
  }).toPass({ timeout: 20_000 })
  await player.getByRole('button', { name: '播放' }).click()
  await expect(player.getByRole('button', { name: '暂停' })).toBeVisible()
  await expect(player).toContainText(/00:0[1-9] /)
  await player.getByRole('button', { name: '暂停' }).click()
  await accessible(page, 'one file of the material')
  await drawer.getByLabel('文件名').fill('录音一')
  await drawer.getByRole('button', { name: '保存' }).click()
  await expect(drawer.getByRole('heading', { name: '录音一.wav' })).toBeVisible()
  await drawer.getByRole('button', { name: '删除文件' }).click()
  await page.getByRole('dialog').last().getByRole('button', { name: '删除文件' }).click()
  await expect(page.getByText('已删除“录音一.wav”')).toBeVisible()
  await expect(page.getByRole('button', { name: '录音一.wav' })).toHaveCount(0)
})
