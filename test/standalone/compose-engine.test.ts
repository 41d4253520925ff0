import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Connection } from '@temporalio/client'

import { directToLoopback } from '../../config/temporal-connection.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import { searchAttributes } from '../../standalone/temporal.ts'
import { dockerAnswers, whyWithoutContainers } from '../support/containers.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const folder = useHomeFolder()
const repository = join(import.meta.dirname, '..', '..')
const place = join(folder, 'checkout')
let env: Record<string, string | undefined> = {}

/** The three commands of docs/operations.md; the ports of a test's own, and the checkout that is started, take the place of the usual ones. */
const [password = '', servers = '', start = ''] = /its tables and namespace:\n\n((?: {4}\S.*\n)+)/
  .exec(readFileSync(join(repository, 'docs/operations.md'), 'utf8'))![1]!
  .split('\n')
  .map((line) => line.trim())
const startHere = () =>
  start
    .replace(':7432', ':$QIANYUN_POSTGRES_PORT')
    .replace(':7233', ':$QIANYUN_TEMPORAL_PORT')
    .replace('npm start', `npm --prefix '${repository}' start`)

function type(command: string): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: place, env, encoding: 'utf8' })
  return { code: status, output: stdout + stderr }
}

/** Starts the product on the servers until all is up, and ends it as a Ctrl-C would. */
async function startAndEnd(): Promise<string> {
  const child = spawn('sh', ['-c', startHere()], {
    cwd: place,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise((resolve) => child.once('close', resolve))
  while (child.exitCode === null && !said.includes('Ctrl-C ends it')) await sleep(200)
  if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT')
  await ended
  return said
}

const accounts = () =>
  Object.fromEntries(
    readdirSync(join(folder, 'home', 'accounts')).map((name) => [
      name,
      readFileSync(join(folder, 'home', 'accounts', name), 'utf8'),
    ]),
  )

;(dockerAnswers() ? describe : describe.skip)(
  `the commands for the servers of docker-compose.yml${whyWithoutContainers()}`,
  () => {
    beforeAll(async () => {
      mkdirSync(place)
      for (const part of ['docker-compose.yml', 'standalone/compose'])
        cpSync(join(repository, part), join(place, part), { recursive: true })
      const [api, temporal, postgres] = await findFreePorts(3)
      env = {
        ...process.env,
        // Takes the place of the name in the file: what is there by that name is somebody's.
        COMPOSE_PROJECT_NAME: `qianyun-test-${process.pid}`,
        QIANYUN_HOME: join(folder, 'home'),
        QIANYUN_API_PORT: String(api),
        QIANYUN_TEMPORAL_PORT: String(temporal),
        QIANYUN_POSTGRES_PORT: String(postgres),
        DATABASE_URL: undefined,
        TEMPORAL_ADDRESS: undefined,
        LANG: 'C.UTF-8',
      }
    })

    afterAll(() => void type('docker compose down --volumes --timeout 5'), 120_000)

    it('start a product, and run again they overwrite nothing', async () => {
      expect(type(password).code).toBe(0)
      expect(type(servers)).toMatchObject({ code: 0 })
      const first = await startAndEnd()
      expect(first).toContain('postgres: using the database that DATABASE_URL names')
      expect(first).toContain('Ctrl-C ends it')
      const kept = { env: readFileSync(join(place, '.env'), 'utf8'), accounts: accounts() }

      expect(type(password).code).toBe(0)
      expect(type(servers)).toMatchObject({ code: 0 })
      const again = await startAndEnd()

      expect(again).toContain('Ctrl-C ends it')
      expect({ env: readFileSync(join(place, '.env'), 'utf8'), accounts: accounts() }).toEqual(kept)
    }, 600_000)

    it('wait for the namespace whether it is still being made or there already', async () => {
      type(password)
      // All of it anew, so that what is waited for is still being made.
      expect(type('docker compose down --volumes --timeout 5').code).toBe(0)
      for (const when of ['made', 'there already']) {
        expect({ when, code: type(servers).code }).toEqual({ when, code: 0 })
        expect(await attributes()).toEqual(expect.arrayContaining(Object.keys(searchAttributes)))
      }
    }, 300_000)
  },
)

async function attributes(): Promise<readonly string[]> {
  const address = `127.0.0.1:${String(env['QIANYUN_TEMPORAL_PORT'])}`
  const connection = await Connection.connect(directToLoopback({ address }))
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' })
  await connection.close()
  return Object.keys(customAttributes)
}
