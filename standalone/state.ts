import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { contextFilePath, readContexts, writeContexts } from '../config/contexts.ts'
import { QianyunError } from '../domain/errors.ts'
import { credentialFiles, roleAccounts } from './accounts.ts'
import { endLab } from './end-lab.ts'
import type { HomeLayout } from './layout.ts'
import { stackSecrets } from './postgres.ts'
import { says } from './sentences.ts'

/** Thrown when a stack is to begin anew but its moves are kept by servers that are not its own. */
export class StateElsewhereError extends QianyunError {
  override name = 'StateElsewhereError'
  readonly code = 'state-elsewhere'

  constructor(readonly variable: 'DATABASE_URL' | 'TEMPORAL_ADDRESS') {
    super(says.stateElsewhere(variable))
  }
}

/** What of earlier stacks is in a home folder and goes with `eraseState`: servers' data, the lab, the role accounts' keys. */
export function findState(layout: HomeLayout): string[] {
  return statePaths(layout).filter((path) => existsSync(path))
}

/**
 * Removes what stacks wrote into a home folder. The programs the set-up put there stay, and so do secrets, keys and
 * contexts that people put there. Nothing of it may run. Throws LabNotEndedError.
 */
export async function eraseState(layout: HomeLayout, say: (line: string) => void): Promise<void> {
  if (existsSync(layout.lab)) await endLab(layout, 'remove')
  for (const path of [...statePaths(layout), layout.logs]) rmSync(path, { recursive: true, force: true })
  forgetRoleContexts(layout)
  say(says.erased(layout.home))
}

/** Log files are of one run of the stack; those of the run before are kept beside them. */
export function turnLogs(layout: HomeLayout, names: readonly string[]): void {
  for (const name of names) {
    const path = join(layout.logs, `${name}.log`)
    if (existsSync(path)) renameSync(path, join(layout.logs, `${name}.previous.log`))
  }
}

function statePaths(layout: HomeLayout): string[] {
  return [
    layout.postgresData,
    layout.temporalData,
    layout.lab,
    ...stackSecrets.map((name) => join(layout.ownSecrets, name)),
    ...roleAccounts.flatMap(({ account }) => Object.values(credentialFiles(layout.accounts, account))),
  ]
}

function forgetRoleContexts({ home }: HomeLayout): void {
  const path = contextFilePath(home)
  const { current, contexts } = readContexts(path)
  const ours = new Set<string>(roleAccounts.map(({ account }) => account))
  const others = Object.entries(contexts).filter(([name]) => !ours.has(name))
  if (others.length === 0) rmSync(path, { force: true })
  else {
    writeContexts(path, {
      ...(current === undefined || ours.has(current) ? {} : { current }),
      contexts: Object.fromEntries(others),
    })
  }
}
