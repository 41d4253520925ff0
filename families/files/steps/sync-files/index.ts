import { quote } from '../../../../runner/ssh/quote.ts'
import type { Command, StepContext } from '../../../../runner/steps/kind.ts'
import type { Said } from '../../../../domain/words/message.ts'
import { said } from '../../../../domain/words/said.ts'
import { type Carries, findCarries, notComparedBy } from './carries.ts'
import { assertInodes } from './inodes.ts'
import { NotFlatError, SourceEmptyError } from './errors.ts'
import { type Gone, type SetAside, goneAt, orTold, recordOf, rememberCarried, setAside } from './gone.ts'
import { otherOwners } from './owners.ts'
import { noteBeginning, noteCarried } from './scope.ts'
import { surveyBoth } from './survey.ts'
import { runEmptyPass, runPass } from './pass.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { type SyncFilesParams, type PassStats, type SyncFilesFacts, syncFiles } from './params.ts'

/** rsync counts the folder itself as an entry. */
const folderAlone = 1
const shownOwners = 5

/** Carries {@link syncFiles} out. */
export const implementation = implementKind<SyncFilesParams, SyncFilesFacts>(syncFiles, {
  interrupted: () => 'plan-again',
  async gather(params, context) {
    const there = await context
      .host(params.to.host)
      .run(`if [ -d ${quote(params.to.path)} ]; then echo yes; fi`, { signal: context.signal })
    const destinationExists = there.stdout.trim() === 'yes'
    const carries = await findCarries(params, context)
    const stats = destinationExists
      ? await runPass(params, { carries, dryRun: true, checksum: false }, context)
      : await runEmptyPass(params, carries, context)
    const { from, to } = params
    if (stats.deleted > 0 && stats.totalFiles <= folderAlone)
      throw new SourceEmptyError(
        context.host(from.host).name,
        from.path,
        context.host(to.host).name,
        to.path,
        stats.deleted,
      )
    await assertInodes(params, stats, context)
    return {
      ...stats,
      destinationExists,
      carries,
      ...(await goneSince(params, context)),
      ...(params.owners && { otherOwners: await otherOwners(params, context) }),
    }
  },
  plan(params, facts) {
    const { from, to } = params
    const places = `${from.host}:${from.path} → ${to.host}:${to.path}`
    const commands: Command[] = []
    if (facts.changes > 0 || !facts.destinationExists) {
      const removed = facts.deleted === 0 ? '' : `, ${facts.deleted} removed`
      commands.push({
        do: 'procedure',
        name: 'synchronise',
        title: `${places}: ${facts.changes} changes, ${facts.files} files, ${facts.bytes} bytes${removed}${ownersText(facts)}`,
      })
    }
    if ((facts.gone ?? 0) > 0) {
      commands.push({
        do: 'procedure',
        name: 'set aside',
        title: `${to.host}:${to.path}: ${String(facts.gone)} entries that are gone at ${from.host} are moved aside`,
      })
    }
    if (params.checksum) {
      commands.push({
        do: 'procedure',
        name: 'compare',
        title: `${places}: compare ${facts.totalFiles} entries by checksum`,
        changesNothing: true,
      })
    }
    return commands
  },
  undo(params, before) {
    if (before.destinationExists) return []
    const { host, path } = params.to
    return [
      {
        do: 'shell',
        host,
        title: `remove ${path}, which was not there before`,
        script: `rm -rf ${quote(path)}`,
      },
    ]
  },
  async carryOut(params, facts, commands, context) {
    const from = context.host(params.from.host)
    const record = recordOf(params.from, params.to, context)
    const looksAtAll = params.scope === 'all' && params.exclude.length === 0
    if (looksAtAll) await noteBeginning(from, record, context.signal)
    const synchronised = commands.some((one) => one.do === 'procedure' && one.name === 'synchronise')
      ? await passUntilFlat(params, facts.carries, context)
      : { passes: 0, flat: true, files: 0, bytes: 0, deleted: 0, last: facts }
    const { aside, untold } = await takeAside(params, context)
    if (looksAtAll && synchronised.flat) await noteCarried(from, record, context.signal)
    const differing = params.checksum ? await compare(params, facts.carries, context) : undefined
    const lacking = params.checksum ? await surveyBoth(params, context) : []
    const { last, ...sums } = synchronised
    const { otherOwners: otherNames = [] } = facts
    if (params.mustBeFlat && (!sums.flat || (differing ?? 0) > 0)) {
      throw new NotFlatError(sums.passes, last.changes, differing)
    }
    return {
      changed: sums.passes > 0 || (aside?.moved ?? 0) > 0,
      ...sums,
      ...(aside && { aside }),
      totalFiles: last.totalFiles,
      totalBytes: last.totalBytes,
      ...(differing === undefined ? {} : { verified: differing === 0, differing }),
      notCompared: [
        ...(last.skipped.count === 0 ? [] : [said('not-compared-special', { ...last.skipped })]),
        ...lacking,
        ...(otherNames.length === 0
          ? []
          : [
              said('not-compared-owner-names', {
                count: otherNames.length,
                some: otherNames.slice(0, shownOwners),
              }),
            ]),
        ...untold,
        ...notComparedBy(params, facts.carries),
      ],
    }
  },
})

function ownersText({ otherOwners: names = [] }: SyncFilesFacts): string {
  if (names.length === 0) return ''
  const more = names.length > shownOwners ? ', …' : ''
  return `; kept by numbers that have other names there: ${names.slice(0, shownOwners).join(', ')}${more}`
}

/** rsync's patterns are its own: what they leave out cannot be told from what was carried. */
function setsAside({ gone, exclude, delete: removes }: SyncFilesParams): boolean {
  return gone === 'aside' && exclude.length === 0 && !removes
}

/** How many entries would be moved aside; nothing where that is not asked for, or cannot be known. */
async function goneSince(params: SyncFilesParams, context: StepContext): Promise<{ readonly gone?: number }> {
  if (!setsAside(params)) return {}
  const gone = await orTold(context.host(params.from.host), goneAt(params, context))
  return 'code' in gone ? {} : { gone: gone.count }
}

/** Moves aside what is gone, if that is asked for, and puts on record what both ends have then. */
async function takeAside(
  params: SyncFilesParams,
  context: StepContext,
): Promise<{ readonly aside?: SetAside; readonly untold: readonly Said[] }> {
  const gone: Gone | Said | undefined = setsAside(params)
    ? await orTold(context.host(params.from.host), goneAt(params, context))
    : undefined
  const isKnown = gone !== undefined && !('code' in gone)
  const aside = isKnown && gone.count > 0 ? await setAside(params, gone, context) : undefined
  if (aside !== undefined) context.say(`${aside.moved} moved aside to ${aside.place}, ${aside.left} left`)
  // Not before: what is gone would be forgotten.
  const unrecorded = await rememberCarried(params, isKnown, context)
  return {
    ...(aside && { aside }),
    untold: [...(gone !== undefined && 'code' in gone ? [gone] : []), ...unrecorded],
  }
}

interface Passes {
  readonly passes: number
  readonly flat: boolean
  readonly files: number
  readonly bytes: number
  readonly deleted: number
  readonly last: PassStats
}

/** The last pass, which finds nothing to do, proves that both folders are the same; it is not counted as a pass that was needed. */
async function passUntilFlat(
  params: SyncFilesParams,
  carries: Carries,
  context: StepContext,
): Promise<Passes> {
  let files = 0
  let bytes = 0
  let deleted = 0
  for (let pass = 1; ; pass += 1) {
    const last = await runPass(params, { carries, dryRun: false, checksum: false }, context)
    files += last.files
    bytes += last.bytes
    deleted += last.deleted
    context.say(`pass ${pass}: ${last.changes} changes, ${last.files} files, ${last.bytes} bytes`)
    const flat = last.changes === 0
    if (flat || pass >= params.passes) return { passes: pass, flat, files, bytes, deleted, last }
  }
}

async function compare(params: SyncFilesParams, carries: Carries, context: StepContext): Promise<number> {
  const { changes } = await runPass(params, { carries, dryRun: true, checksum: true }, context)
  return changes
}
