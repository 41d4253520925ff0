import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function writeSecret(home: string, name: string, value: string, mode = 0o600): string {
  mkdirSync(join(home, 'secrets'), { recursive: true })
  const path = join(home, 'secrets', name)
  writeFileSync(path, `${value}\n`)
  chmodSync(path, mode)
  return path
}
