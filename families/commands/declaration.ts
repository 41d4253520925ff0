import { z } from 'zod'
import { OwnFolder } from '../../domain/absolute-path.ts'
import { Identifier } from '../../domain/identifier.ts'
import type { FamilyDeclaration } from '../family.ts'
import { coldCopy } from './steps/cold-copy/params.ts'
import { coldReady } from './steps/cold-ready/params.ts'
import { coldRehearse } from './steps/cold-rehearse/params.ts'
import { coldReopen } from './steps/cold-reopen/params.ts'
import { coldSwitch } from './steps/cold-switch/params.ts'
import { coldVerify } from './steps/cold-verify/params.ts'

/** POSIX shell, run with `set -e` on the host of the place. */
const Script = z.string().min(1).max(20_000)

/** A dataset that the vendor's own commands stop, move and start, on one side. */
export const CommandsPlace = z.strictObject({
  host: Identifier,
  /** Folders that hold it: they are wiped once the side was left and released. */
  paths: z.array(OwnFolder).min(1).max(50),
  /** Stops whatever writes to it. Run again it changes nothing. */
  stop: Script,
  /** Succeeds if nothing can write to it: the proof of the fence. Changes nothing. */
  isStopped: Script,
  /** Starts what serves it. Run again it changes nothing. */
  start: Script,
  /** Succeeds once it serves. Changes nothing. */
  isRunning: Script,
  /** Prints a line `name value` for each figure that is the same on both sides of a copy. Changes nothing. */
  measure: Script,
  /** Prints everything there is of it, for `take` on another side. */
  give: Script.exactOptional(),
  /** Reads what `give` printed on another side, and puts it in the place of whatever is here: all of it, or nothing. */
  take: Script.exactOptional(),
})
export type CommandsPlace = z.infer<typeof CommandsPlace>

/** What there is no family for: it is stopped, copied and started by commands that its vendor wrote. */
export const commands: FamilyDeclaration<CommandsPlace> = {
  name: 'commands',
  title: { zh: '由厂商命令迁移的数据', en: 'Data moved by commands of its vendor' },
  place: CommandsPlace,
  endpoints: ['none'],
  steps: [
    { ...coldCopy, load: () => import('./steps/cold-copy/index.ts') },
    { ...coldReady, load: () => import('./steps/cold-ready/index.ts') },
    { ...coldRehearse, load: () => import('./steps/cold-rehearse/index.ts') },
    { ...coldReopen, load: () => import('./steps/cold-reopen/index.ts') },
    { ...coldSwitch, load: () => import('./steps/cold-switch/index.ts') },
    { ...coldVerify, load: () => import('./steps/cold-verify/index.ts') },
  ],
  samePlace: (one, other) =>
    one.host === other.host && one.paths.some((path) => other.paths.some((each) => overlap(path, each))),
}

/** A folder inside another one would be copied and wiped with it. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [`${one}/`, `${other}/`]
  return a.startsWith(b) || b.startsWith(a)
}
