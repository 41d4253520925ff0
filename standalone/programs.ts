import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { chooseHome } from '../config/home.mjs'
import type { Variables } from '../config/env.ts'
import { homeBinaries, type HomeBinaries, type HomeLayout } from './layout.ts'
import type { ProcessSpec } from './managed-process.ts'

export const repository = dirname(import.meta.dirname)

const endWithParent = new URL('./end-with-parent.mjs', import.meta.url).href

/** The product's own processes, by the name they have in messages and logs. */
const entryPoints = {
  orchestrator: { file: 'workers/orchestrator.ts', args: [], readyTimeoutMs: 60_000, stopGraceMs: 30_000 },
  runner: { file: 'workers/runner.ts', args: [], readyTimeoutMs: 60_000, stopGraceMs: 30_000 },
  api: { file: 'api/main.ts', args: [], readyTimeoutMs: 60_000, stopGraceMs: 10_000 },
  lab: { file: 'lab/main.ts', args: ['up'], readyTimeoutMs: 180_000, stopGraceMs: 60_000 },
} as const

export type ProgramName = keyof typeof entryPoints

/** How one of the product's processes is started; it says `{"ready":true}` when it is. */
export function programSpec(name: ProgramName, layout: HomeLayout, variables: Variables): ProcessSpec {
  const { file, args, readyTimeoutMs, stopGraceMs } = entryPoints[name]
  return {
    name,
    command: process.execPath,
    args: ['--import', endWithParent, '--import', 'tsx', join(repository, file), ...args],
    cwd: repository,
    env: variables,
    logPath: join(layout.logs, `${name}.log`),
    ready: 'line',
    readyTimeoutMs,
    stopSignal: 'SIGTERM',
    boundBy: 'standard input',
    stopGraceMs,
  }
}

/** The servers' programs: of this home, or, for a stack in a folder of its own, those the set-up put into the usual home. */
export function findBinaries(home: string): HomeBinaries {
  const own = homeBinaries(home)
  const usual = homeBinaries(chooseHome().path)
  return {
    temporal: existsSync(own.temporal) ? own.temporal : usual.temporal,
    temporalTestServer: existsSync(own.temporalTestServer)
      ? own.temporalTestServer
      : usual.temporalTestServer,
    postgres: existsSync(own.postgres) ? own.postgres : usual.postgres,
  }
}
