import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll } from '@jest/globals'

/** A home folder of the test file's own, open to servers that run as other users, removed after the tests. */
export function useHomeFolder(): string {
  const home = mkdtempSync(join(tmpdir(), 'qianyun-home-'))
  chmodSync(home, 0o755)
  afterAll(() => rmSync(home, { recursive: true, force: true }))
  return home
}
