import { execFile } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { HomeLayout } from './layout.ts'
import { repository } from './programs.ts'

/** Removes what stacks wrote into a home folder; the programs the set-up put there stay. Nothing of it may run. */
export async function eraseState(layout: HomeLayout, say: (line: string) => void): Promise<void> {
  const kept = [layout.postgresData, layout.temporalData, layout.secrets, layout.accounts, layout.contexts]
  if (existsSync(layout.lab)) {
    const labMain = join(repository, 'lab', 'main.ts')
    await promisify(execFile)(process.execPath, ['--import', 'tsx', labMain, 'down', '--home', layout.home], {
      cwd: repository,
    })
  }
  for (const path of [...kept, layout.lab, layout.logs]) rmSync(path, { recursive: true, force: true })
  say(`Everything of before in "${layout.home}" is removed.`)
}

/** Log files are of one run of the stack; those of the run before are kept beside them. */
export function turnLogs(layout: HomeLayout, names: readonly string[]): void {
  for (const name of names) {
    const path = join(layout.logs, `${name}.log`)
    if (existsSync(path)) renameSync(path, join(layout.logs, `${name}.previous.log`))
  }
}
