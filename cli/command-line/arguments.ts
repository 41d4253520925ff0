import type { Argv } from 'yargs'

import { UsageError } from './errors.ts'
import type { Say } from '../language/message.ts'
import { sentence } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { parseDuration } from '../../domain/duration.ts'

/** The system of a command, or the id of one of its moves. */
export const systemArgument = <T>(argv: Argv<T>, say: Say) =>
  argv.positional('system', { type: 'string', demandOption: true, describe: say(m.argSystem) })

export const reasonFlag = <T>(argv: Argv<T>, say: Say) =>
  argv.option('reason', { type: 'string', demandOption: true, describe: say(m.flagReason) })

export const watchFlag = <T>(argv: Argv<T>, say: Say) =>
  argv.option('watch', { alias: 'w', type: 'boolean', default: false, describe: say(m.flagWatch) })

/** The value of a flag that takes a whole number. Throws UsageError. */
export function countFlag(
  flag: string,
  value: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {},
): number {
  const count = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (count >= min && count <= max) return count
  const range = max === Number.MAX_SAFE_INTEGER ? errorMessages.countFrom : errorMessages.countBetween
  throw new UsageError(sentence(range, { flag, value, min, max }))
}

/** The value of a flag that takes a duration. Throws UsageError. */
export function durationFlag(flag: string, value: string): number {
  const durationMs = parseDuration(value)
  if (durationMs === undefined) throw new UsageError(sentence(errorMessages.notADuration, { flag, value }))
  return durationMs
}
