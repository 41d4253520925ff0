import { z } from 'zod'
import { foldersOverlap, OwnFolder } from '../../domain/absolute-path.ts'
import { Identifier } from '../../domain/identifier.ts'
import { wanted } from '../../domain/schema-problems.ts'
import { commandsMethod } from './method.ts'
import type { FamilyDeclaration } from '../family.ts'
import { coldCopy } from './steps/cold-copy/params.ts'
import { coldReady } from './steps/cold-ready/params.ts'
import { coldRehearse } from './steps/cold-rehearse/params.ts'
import { coldReopen } from './steps/cold-reopen/params.ts'
import { coldSwitch } from './steps/cold-switch/params.ts'
import { coldVerify } from './steps/cold-verify/params.ts'

/** The commands of a side, each a file of POSIX shell that is run with `set -e` on the host of the place. */
export const commandNames = [
  /** Stops whatever writes. Run again it changes nothing. */
  'stop',
  /** Succeeds if nothing can write: the proof of the fence. Changes nothing. */
  'is-stopped',
  /** Starts what serves. Run again it changes nothing. */
  'start',
  /** Succeeds once it serves. Changes nothing. */
  'is-running',
  /** Prints a line `name value` for each figure that is the same on both sides of a copy. Changes nothing. */
  'measure',
  /** Prints everything there is, for `take` on another side. */
  'give',
  /** Reads what `give` printed on another side, and puts it in the place of whatever is here: all of it, or nothing. */
  'take',
] as const
export type CommandName = (typeof commandNames)[number]

/** The text of each command that a side has. */
type Scripts = Readonly<Partial<Record<CommandName, string>>>

/**
 * A dataset that the vendor's own commands stop, move and start, on one side. A plan says where they are found; their text is filled in
 * (`filled`) and is nothing that a plan can bring along.
 */
export const CommandsPlace = z
  .strictObject({
    host: Identifier,
    /** Folders that hold it: they are wiped once the side was left and released. */
    paths: z.array(OwnFolder).min(1).max(50),
    /** The folder of the commands in that of the playbook that deploys the application: `stop.sh`, `is-stopped.sh` and so on. */
    commands: Identifier.default('commands'),
    /** Those that this side has not: without `take` it is opened as it was left. */
    without: z
      .array(z.enum(['give', 'take']))
      .max(2)
      .default([]),
    /** What the commands find in their environment, by name: `QY_DATA` for `DATA`, which no other program reads. */
    values: z
      .record(
        z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/, wanted('name-of-shell-variable')),
        z.string().max(1_000),
      )
      .default({}),
  })
  .transform((place): typeof place & { readonly scripts: Scripts } => ({ ...place, scripts: {} }))
export type CommandsPlace = z.infer<typeof CommandsPlace>

/**
 * Fills a place with its commands. They come from the folder of a playbook alone, never from whoever hands a plan in: who writes there
 * runs commands on hosts, and nobody else does.
 */
function filled(
  place: CommandsPlace,
  files: ReadonlyMap<string, string>,
): { readonly place: CommandsPlace; readonly missing: readonly string[] } {
  const expected = commandNames.filter((name) => !place.without.some((one) => one === name))
  const found = expected.map((name) => [name, files.get(`${place.commands}/${name}.sh`)] as const)
  const missing = found
    .filter(([, text]) => text === undefined)
    .map(([name]) => `${place.commands}/${name}.sh`)
  return { place: { ...place, scripts: Object.fromEntries(found) }, missing }
}

/** What there is no family for: it is stopped, copied and started by commands that its vendor wrote. */
export const commands: FamilyDeclaration<CommandsPlace> = {
  name: 'commands',
  title: { zh: '由厂商命令迁移的数据', en: 'Data moved by commands of its vendor' },
  place: CommandsPlace,
  filled,
  endpoints: ['none'],
  steps: [
    { ...coldCopy, load: () => import('./steps/cold-copy/index.ts') },
    { ...coldReady, load: () => import('./steps/cold-ready/index.ts') },
    { ...coldRehearse, load: () => import('./steps/cold-rehearse/index.ts') },
    { ...coldReopen, load: () => import('./steps/cold-reopen/index.ts') },
    { ...coldSwitch, load: () => import('./steps/cold-switch/index.ts') },
    { ...coldVerify, load: () => import('./steps/cold-verify/index.ts') },
  ],
  method: commandsMethod,
  samePlace: (one, other) =>
    one.host === other.host &&
    one.paths.some((path) => other.paths.some((each) => foldersOverlap(path, each))),
}
