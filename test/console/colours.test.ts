import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const css = readFileSync(join(import.meta.dirname, '..', '..', 'console', 'colours.css'), 'utf8')
const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block ?? '')
const colours = (block: string): Readonly<Record<string, string>> => {
  const found = [...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)]
  return Object.fromEntries(found.map(([, name = '', value = '']): [string, string] => [name, value]))
}

/** WCAG 2.2, relative luminance and contrast. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replaceAll(/[0-9a-f]/g, '$&$&') : hex
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(full.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s colours', (_, block) => {
  const colour = colours(block)
  const texts = ['ink', 'quiet', 'accent', 'good', 'warn', 'bad']
  const pairs = [
    ...texts.flatMap((text) => ['ground', 'surface', 'code-ground'].map((ground) => [text, ground] as const)),
    ['ink', 'warn-ground'],
    ['on-accent', 'accent'],
  ] as const

  it.each(pairs)('of text, %s on %s, differ by 4.5 to 1', (text, ground) => {
    expect(contrast(colour[text] ?? '', colour[ground] ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['field', 'accent', 'good'])('of what is to be seen without text, %s, differ by 3 to 1', (name) => {
    expect(contrast(colour[name] ?? '', colour['surface'] ?? '')).toBeGreaterThanOrEqual(3)
  })
})
