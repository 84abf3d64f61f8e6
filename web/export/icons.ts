/** `node web/export/icons.ts`: draws the icons that cannot be SVG, from `public/icon.svg`, in a browser. They are committed. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { chromium } from 'playwright-core'

const folder = join(import.meta.dirname, '../public')

/** A maskable icon and Apple's fill their square: the system cuts them. The others have round corners of their own. */
const icons = [
  { name: 'icon-192.png', size: 192, round: true },
  { name: 'icon-512.png', size: 512, round: true },
  { name: 'icon-maskable-512.png', size: 512, round: false },
  { name: 'apple-touch-icon.png', size: 180, round: false },
]

const svg = await readFile(join(folder, 'icon.svg'), 'utf8')
const executablePath = process.env['CHROME_PATH'] || (await sparticuz.executablePath())
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--no-zygote'] })
try {
  const page = await browser.newPage()
  for (const { name, size, round } of icons) {
    await page.setViewportSize({ width: size, height: size })
    const shape = `svg { display: block; width: ${size}px; border-radius: ${round ? size * 0.22 : 0}px }`
    await page.setContent(`<style>body { margin: 0 } ${shape}</style>${svg}`)
    await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }))
  }
} finally {
  await browser.close()
}
