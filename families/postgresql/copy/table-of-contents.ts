import type { ServiceRights } from '../facts/service-rights.ts'

/** An entry of an archive of pg_dump, as `pg_restore --list` prints it. */
interface Entry {
  readonly line: string
  readonly kind: string
  readonly rest: string
}

/** Entries that follow one another, and whether what is made of them belongs to whoever restores it. */
export interface Run {
  readonly isOurs: boolean
  readonly lines: readonly string[]
}

/** `215; 1259 16385 TABLE public permit permit_app`: numbers, kind, schema, name, owner. The kind is all words in capitals. */
const pattern = /^\d+; \d+ \d+ ([A-Z]+(?: [A-Z]+)*) (.*)$/

function entries(list: string): readonly Entry[] {
  return list.split('\n').flatMap((line) => {
    const [, kind, rest] = pattern.exec(line) ?? []
    return kind === undefined || rest === undefined ? [] : [{ line, kind, rest }]
  })
}

/**
 * What of an archive is restored by whom is no superuser, in its order: what superusers own becomes the restoring role's own, and what that role
 * may not make is left out. Rules have refused what would be missed. `superusers` are those of the server that was dumped. Pure.
 */
export function runsFor(
  list: string,
  superusers: readonly string[],
  { makesEventTriggers }: Pick<ServiceRights, 'makesEventTriggers'>,
): readonly Run[] {
  const isOurs = ({ rest }: Entry): boolean => superusers.some((name) => rest.endsWith(` ${name}`))
  const leaves = (entry: Entry): boolean => {
    const { kind, rest } = entry
    if (kind === 'EVENT TRIGGER') return !makesEventTriggers || rest.startsWith('- qianyun_')
    if (kind === 'COMMENT') return /^- (EXTENSION|EVENT TRIGGER) /.test(rest)
    // What superusers give away of what they will make, and ours, which is made anew.
    if (kind === 'DEFAULT ACL') return isOurs(entry)
    return kind.startsWith('PUBLICATION') && /(^| )qianyun( |$)/.test(rest)
  }
  const runs: { isOurs: boolean; lines: string[] }[] = []
  for (const entry of entries(list)) {
    if (leaves(entry)) continue
    const last = runs.at(-1)
    if (last?.isOurs === isOurs(entry)) last.lines.push(entry.line)
    else runs.push({ isOurs: isOurs(entry), lines: [entry.line] })
  }
  return runs
}
