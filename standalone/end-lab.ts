import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

import { QianyunError } from '../domain/errors.ts'
import type { HomeLayout } from './layout.ts'
import { repository } from './programs.ts'
import { says } from './sentences.ts'

/** Thrown when the hosts of a lab could not be ended. */
export class LabNotEndedError extends QianyunError {
  override name = 'LabNotEndedError'
  readonly code = 'lab-not-ended'

  constructor(
    readonly logPath: string,
    readonly command: string,
  ) {
    super(says.labNotEnded(logPath, command))
  }
}

/** What a person types to end the hosts of a home's lab. */
export function endLabCommand({ home }: HomeLayout): string {
  return `npx tsx lab/main.ts down --home '${home}'`
}

/**
 * Ends a home's lab, whoever started it; `remove` takes its data along. It is a process of its own that a Ctrl-C of the
 * terminal does not reach, and goes on when this one ends. Throws LabNotEndedError.
 */
export async function endLab(layout: HomeLayout, how: 'down' | 'remove'): Promise<void> {
  const logPath = join(layout.logs, 'lab.log')
  const log = openSync(logPath, 'a', 0o640)
  const args = ['--import', 'tsx', join(repository, 'lab', 'main.ts'), how, '--home', layout.home]
  const ending = spawn(process.execPath, args, {
    cwd: repository,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const code = await new Promise<number | null>((resolve) => {
    ending.once('exit', resolve)
    ending.once('error', () => resolve(null))
  })
  if (code !== 0) throw new LabNotEndedError(logPath, endLabCommand(layout))
}
