import type { KeptDump } from '../../api/contract.ts'
import { UsageError } from './errors.ts'
import { giveUpMessages as m } from '../messages/give-up.ts'
import { sentence } from '../language/message.ts'

/** The flags by which what one side took alone is given up. */
export interface GiveUpFlags {
  readonly 'give-up': string | undefined
  readonly dataset: string | undefined
}

/** Reads `HOST:PATH`. Undefined where the flag is not given. @throws UsageError */
export function keptDump({ 'give-up': given, dataset }: GiveUpFlags): KeptDump | undefined {
  if (given === undefined) return undefined
  const [, host, path] = /^([^:]+):(\/.+)$/.exec(given) ?? []
  if (host === undefined || path === undefined) throw new UsageError(sentence(m.badDump, { given }))
  return { host, path, ...(dataset === undefined ? {} : { dataset }) }
}
