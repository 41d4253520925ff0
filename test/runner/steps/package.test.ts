import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'

import { HostPool } from '../../../runner/ssh/pool.ts'
import { carryOutCommands } from '../../../runner/steps/carry-out.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { implementation as packageKind } from '../../../runner/steps/package/index.ts'
import { PackageParams } from '../../../runner/steps/package/params.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'

let sshd: TestSshd
let pool: HostPool
let tools: string
let host: HostPort

beforeAll(async () => {
  sshd = await startSshd()
  pool = new HostPool()
  tools = mkdtempSync(join(tmpdir(), 'qianyun-apt-'))
  const tool = (name: string, script: string) => {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  // What apt says, in its own words; it must not install anything on the machine of the tests.
  tool('apt-get', `echo "$@" >>${tools}/asked`)
  tool('sudo', 'shift; exec "$@"')
  tool('dpkg-query', `printf 'hi \\tvim\\t2:9.0.1378-2\\nun \\ttelnetd\\t\\n'`)
  tool(
    'apt-cache',
    `case $2 in
  postgresql-client) echo 'postgresql-client | 150+1 | http://deb x Packages
postgresql-client | 15+248+deb12u2 | http://deb bookworm/main Packages
postgresql-client | 15+248+deb12u1 | http://deb bookworm/main Packages' ;;
  openssl) echo '   openssl | 1:3.0.15-1~deb12u1 | http://deb bookworm/main Packages' ;;
esac`,
  )
  const real = pool.host(sshd.target())
  host = {
    name: 'here',
    address: real.address,
    run: (script, options) => real.run(`PATH=${tools}:$PATH\n${script}`, options),
    readFile: (path) => real.readFile(path),
    start: (script) => real.start(script),
  }
})
afterAll(async () => {
  await pool.close()
  await sshd.close()
  rmSync(tools, { recursive: true })
})

async function install(packages: readonly unknown[]) {
  const context = stepContext([host])
  const params = PackageParams.parse({ host: 'here', packages })
  return carryOutCommands(packageKind.plan(params, await packageKind.gather(params, context)), context)
}

it('a version without its packaging suffix is the newest that apt has of it', async () => {
  await install([
    'rsync',
    { name: 'postgresql-client', version: '15' },
    { name: 'openssl', version: '3.0.15' },
  ])
  expect(readFileSync(join(tools, 'asked'), 'utf8').trimEnd()).toMatch(
    / rsync postgresql-client=15\+248\+deb12u2 openssl=1:3\.0\.15-1~deb12u1$/,
  )
})

it('a version that apt does not have is refused by name', async () => {
  await expect(install([{ name: 'openssl', version: '3.0.1' }])).rejects.toThrow(
    'apt knows no version 3.0.1 of openssl',
  )
})

it('a package that is held is there', async () => {
  expect(await install([{ name: 'vim', version: '9.0.1378' }])).toEqual([])
})
