import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, describe, expect, it } from '@jest/globals'

import { chooseHome } from '../../config/home.mjs'
import { removeLab } from '../../lab/lab.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const folder = useHomeFolder()
const home = join(folder, 'home')
const repository = join(import.meta.dirname, '..', '..')
/** Of 22 November 2026: before the product's secrets had a folder of their own, and each process a role. */
const olderVersion = '9d17199e6d17d9c0e8409f9be3556df87f024121'
const isKnown = spawnSync('git', ['cat-file', '-e', olderVersion], { cwd: repository }).status === 0
const usual = chooseHome({ env: {} }).path
let env: Record<string, string | undefined> = {}

afterAll(() => removeLab(home), 120_000)

/** Starts the product of a checkout in the home, until all is up; `work` is done meanwhile. */
async function withStart(checkout: string, work: () => Promise<void>): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(checkout, 'standalone/main.ts')], {
    cwd: checkout,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise((resolve) => child.once('close', resolve))
  try {
    while (!said.includes('Ctrl-C ends it')) {
      if (child.exitCode !== null) throw new Error(`The start ended: ${said}`)
      await sleep(200)
    }
    await work()
  } finally {
    child.kill('SIGTERM')
    await ended
  }
  return said
}

const type = (...words: string[]) => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(repository, 'cli/qianyun.mjs'), ...words], {
    env,
  })
  return `${stdout.toString()}${stderr.toString()}`
}

async function untilShown(wanted: string): Promise<void> {
  while (!type('migration', 'show', 'permit-desk', '--context', 'coordinator-chen').includes(wanted))
    await sleep(500)
}

/** The older sources with the packages of today, of which they need none that is gone. */
function checkOut(): string {
  const checkout = join(folder, 'older')
  execFileSync('git', ['clone', '--quiet', '--no-checkout', '--shared', repository, checkout])
  execFileSync('git', ['checkout', '--quiet', olderVersion], { cwd: checkout })
  symlinkSync(join(repository, 'node_modules'), join(checkout, 'node_modules'))
  return checkout
}

;(isKnown ? describe : describe.skip)(
  `a home of an older version${isKnown ? '' : ' (skipped: this checkout has no history)'}`,
  () => {
    it('goes on with its move, its accounts and its audit log', async () => {
      mkdirSync(home, { mode: 0o755 })
      for (const programs of ['bin', 'postgresql-18'])
        symlinkSync(join(usual, programs), join(home, programs))
      const [api, temporal, temporalUi, postgres] = await findFreePorts(4)
      env = {
        PATH: process.env['PATH'],
        QIANYUN_HOME: home,
        QIANYUN_API_PORT: String(api),
        QIANYUN_TEMPORAL_PORT: String(temporal),
        QIANYUN_TEMPORAL_UI_PORT: String(temporalUi),
        QIANYUN_POSTGRES_PORT: String(postgres),
      }
      const before = await withStart(checkOut(), async () => undefined)
      expect(before).toContain('npx qianyun task take permit-desk accept-findings --context owner-li')
      expect(existsSync(join(home, 'own-secrets'))).toBe(false)

      const after = await withStart(repository, async () => {
        type('task', 'take', 'permit-desk', 'accept-findings', '--context', 'owner-li')
        const note = ['--note', 'seen', '--context', 'owner-li']
        expect(type('task', 'complete', 'permit-desk', 'accept-findings', ...note)).toContain(
          'task completed',
        )
        // A step that the older version has not carried out, by a task that it has not made.
        await untilShown('approve-resources: open')
        expect(type('audit', 'verify', '--context', 'auditor-qian')).toContain('The chain holds')
      })

      expect(after).toContain('npx qianyun task take permit-desk accept-findings --context owner-li')
      expect(existsSync(join(home, 'own-secrets', 'database-runner'))).toBe(true)
    }, 600_000)
  },
)
