import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ensureMariadb } from '../../lab/loopback/mariadb.ts'
import { makeFolder, removeFolder } from '../support/postgres-servers.ts'

describe("the lab's MariaDB", () => {
  it('is unpacked with what it is linked with where it is not installed, and found there again', async () => {
    const home = await makeFolder('mariadb-home')
    try {
      const found = await ensureMariadb(home, '/nowhere/mariadbd')
      const { stdout } = await promisify(execFile)(found.program, ['--version'], {
        env: { LD_LIBRARY_PATH: found.libraries },
      })
      expect(stdout).toMatch(/Ver 1[01]\.\d+\.\d+-MariaDB/)
      expect(await ensureMariadb(home, '/nowhere/mariadbd')).toEqual(found)
    } finally {
      await removeFolder(home)
    }
  }, 60_000)
})
