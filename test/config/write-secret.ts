import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function writeSecret(
  home: string,
  name: string,
  value: string,
  { mode = 0o600, folder = 'secrets' } = {},
): string {
  mkdirSync(join(home, folder), { recursive: true })
  const path = join(home, folder, name)
  writeFileSync(path, `${value}\n`)
  chmodSync(path, mode)
  return path
}
