import { superuserOwns } from './catalog/query.ts'
import { type Difference, type Unlike } from './difference.ts'
import { rightStatements, rightsOf } from './rights.ts'

type Remedy = Pick<Difference, 'statements' | 'carried'>

const byHand = (...statements: readonly (string | null | undefined)[]): Remedy => ({
  statements: statements.filter((one): one is string => typeof one === 'string'),
  carried: false,
})
const byUs = (...statements: readonly string[]): Remedy => ({ statements, carried: statements.length > 0 })

/** Things that a statement replaces in place, without touching what depends on them. */
const replaced = new Set(['function', 'procedure', 'view', 'schema'])

/** The statements that make `to` like `from` in one thing. */
export function remedyFor(unlike: Unlike, database: string): Remedy {
  const { kind, identity, from, to } = unlike
  if (kind.startsWith('privileges of ') || kind === 'default privileges')
    return rightsRemedy(unlike, database)
  if (kind === 'owner of extension') return extensionOwner(identity, from?.text)
  if (kind.startsWith('owner of ') && from !== undefined)
    return byUs(`alter ${kind.slice('owner of '.length)} ${identity} owner to ${ownerOf(from.text)}`)
  if (kind === 'default') return defaultRemedy(unlike)
  if (kind === 'database') return databaseRemedy(unlike, database)
  if (kind === 'function of extension')
    return typeof from?.make === 'string' && to !== undefined ? byUs(from.make) : byHand(from?.make)
  if (from === undefined) return byHand(dropOf(unlike))
  if (kind === 'collation') return byHand()
  if (replaced.has(kind) && typeof from.make === 'string') return byUs(from.make)
  if (kind === 'type') return byHand(...newLabels(from.text, to?.text ?? '', identity))
  if (kind === 'trigger') return triggerRemedy(unlike)
  if (kind === 'constraint' && to?.text === `${from.text} NOT VALID`)
    return byHand(`alter table ${tableOf(unlike)} validate constraint ${partOf(unlike)}`)
  if (kind === 'constraint' && to !== undefined && withoutModes(from.text) === withoutModes(to.text))
    return byUs(...triggerModes(unlike, from.text))
  if (kind === 'extension' && to !== undefined) return byHand(extensionChange(from.text, to.text, identity))
  if (typeof from.make !== 'string') return byHand()
  if (kind === 'sequence') return byHand(to === undefined ? from.make.replace(/^alter/, 'create') : from.make)
  return byHand(to === undefined ? undefined : dropOf(unlike), from.make)
}

/** What superusers own on one side is the administrator's on the other, who runs the statement. */
const ownerOf = (name: string): string => (name === superuserOwns ? 'current_user' : name)

function extensionChange(wanted: string, found: string, identity: string): string {
  const place = / in schema (.*)$/
  const schema = place.exec(wanted)?.[1]
  if (schema === undefined || schema === place.exec(found)?.[1]) return `alter extension ${identity} update`
  return `alter extension ${identity} set schema ${schema}`
}

/**
 * An extension belongs to the role that made it, which no dump contains and no ALTER EXTENSION changes. This is what REASSIGN OWNED does to one
 * (https://www.postgresql.org/docs/18/sql-reassign-owned.html), which would give everything else of that owner away as well.
 */
function extensionOwner(identity: string, owner: string | undefined): Remedy {
  if (owner === undefined || owner === superuserOwns) return byHand()
  return byUs(`do $$ declare e oid := (select oid from pg_extension where quote_ident(extname) = ${literal(identity)}); o oid := ${literal(owner)}::regrole;
 d oid := (select oid from pg_database where datname = current_database()); c oid := 'pg_extension'::regclass; begin
 update pg_extension set extowner = o where oid = e; delete from pg_shdepend where dbid = d and classid = c and objid = e and deptype = 'o';
 insert into pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype) values (d, c, e, 0, 'pg_authid'::regclass, o, 'o'); end $$`)
}

function defaultRemedy({ from, to }: Unlike): Remedy {
  if (typeof from?.make === 'string') return byUs(from.make)
  return byUs((to?.make ?? '').replace(/ set default [\s\S]*$/, ' drop default'))
}

function databaseRemedy({ identity, from }: Unlike, database: string): Remedy {
  const quoted = quote(database)
  if (identity === 'owner') return byUs(`alter database ${quoted} owner to ${ownerOf(from?.text ?? '')}`)
  if (identity === 'connection limit')
    return byUs(`alter database ${quoted} connection limit ${from?.text ?? '-1'}`)
  return byHand()
}

const modes: readonly (readonly [string, string])[] = [
  [' (disabled)', 'disable'],
  [' (enabled replica)', 'enable replica'],
  [' (enabled always)', 'enable always'],
  ['', 'enable'],
]

function triggerRemedy(unlike: Unlike): Remedy {
  const [ending, word] = modes.find(([one]) => unlike.from?.text.endsWith(one)) ?? ['', 'enable']
  const set = `alter table ${tableOf(unlike)} ${word} trigger ${partOf(unlike)}`
  if (unlike.to !== undefined && unlike.to.make === unlike.from?.make) return byHand(set)
  const drop = unlike.to === undefined ? undefined : dropOf(unlike)
  return byHand(drop, unlike.from?.make, ending === '' ? undefined : set)
}

const withoutModes = (text: string): string => text.replace(/ \(triggers [^()]*\)$/, '')

/** The triggers that enforce a foreign key have names of their own on each side. */
function triggerModes(unlike: Unlike, text: string): readonly string[] {
  const modesOf = / \(triggers (.*)\)$/.exec(text)?.[1]?.split(', ') ?? []
  const alter = (mode: string, table: string) =>
    `do $$ declare t record; begin for t in select g.tgname, g.tgrelid::regclass as rel from pg_trigger g join pg_constraint k on k.oid = g.tgconstraint
 where k.conrelid = ${literal(tableOf(unlike))}::regclass and quote_ident(k.conname) = ${literal(partOf(unlike))}${table} and g.tgisinternal
 loop execute format('alter table %s ${mode} trigger %I', t.rel, t.tgname); end loop; end $$`
  if (modesOf.length === 0) return [alter('enable', '')]
  return modesOf.map((one) => {
    const [, mode = 'enabled', table = ''] =
      /^(disabled|enabled replica|enabled always) on (.*)$/.exec(one) ?? []
    return alter(mode.replace('abled', 'able'), ` and g.tgrelid = ${literal(table)}::regclass`)
  })
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Parts of a table are dropped by ALTER TABLE. */
function dropOf(unlike: Unlike): string | undefined {
  const { kind, identity } = unlike
  if (kind === 'constraint') {
    const within = (unlike.from ?? unlike.to)?.within ?? ''
    return `alter ${within.startsWith('domain ') ? 'domain' : 'table'} ${tableOf(unlike)} drop constraint ${partOf(unlike)}`
  }
  if (['trigger', 'rule', 'policy'].includes(kind))
    return `drop ${kind} ${partOf(unlike)} on ${tableOf(unlike)}`
  if (kind === 'column') return `alter table ${tableOf(unlike)} drop column ${partOf(unlike)}`
  return droppable.has(kind) ? `drop ${kind} ${identity}` : undefined
}

const droppable = new Set([
  ...[
    'function',
    'procedure',
    'aggregate',
    'view',
    'materialized view',
    'foreign table',
    'table',
    'sequence',
    'index',
  ],
  ...[
    'type',
    'domain',
    'schema',
    'statistics',
    'extension',
    'publication',
    'event trigger',
    'server',
    'collation',
    'role',
  ],
])

/** The name of what a thing is a part of, without its kind: `table desk.file` gives `desk.file`. */
function tableOf({ from, to }: Unlike): string {
  return ((from ?? to)?.within ?? '').replace(/^(?:materialized view|foreign table|table|view|domain) /, '')
}

/** The last name of a part: `desk.file.note` of `desk.file` gives `note`. */
function partOf(unlike: Unlike): string {
  return unlike.identity.slice(tableOf(unlike).length + 1)
}

/** `alter type … add value` for each missing label, if only labels were added. */
function newLabels(wanted: string, found: string, identity: string): readonly string[] {
  const labels = (text: string): readonly string[] => text.match(/'(?:[^']|'')*'/g) ?? []
  const [left, right] = [labels(wanted), labels(found)]
  if (!wanted.startsWith('enum (') || right.some((label) => !left.includes(label))) return []
  return left.flatMap((label, index) => {
    if (right.includes(label)) return []
    const before = left[index - 1]
    return `alter type ${identity} add value ${label} ${before === undefined ? `before ${right[0] ?? ''}` : `after ${before}`}`
  })
}

/** Missing rights are granted automatically; a person decides about a revoke. */
function rightsRemedy(unlike: Unlike, database: string): Remedy {
  const { kind, identity, from, to } = unlike
  const isDefault = kind === 'default privileges'
  if (isDefault && (from === undefined || to === undefined) && !identity.includes(' in schema '))
    return byHand()
  const cut = identity.lastIndexOf(' on ')
  const { grants, revokes } = rightStatements(
    rightsOf(from?.make),
    rightsOf(to?.make),
    isDefault ? (what) => `${what}${identity.slice(cut)}` : onObject(unlike, database),
    isDefault ? `alter default privileges ${identity.slice(0, cut)} ` : '',
  )
  return revokes.length === 0 ? byUs(...grants) : byHand(...grants, ...revokes)
}

function onObject(unlike: Unlike, database: string): (what: string) => string {
  const kind = unlike.kind.slice('privileges of '.length)
  if (kind === 'column') return (what) => `${what} (${partOf(unlike)}) on table ${tableOf(unlike)}`
  if (kind === 'database') return (what) => `${what} on database ${quote(database)}`
  const word = grantWords[kind] ?? kind
  return (what) => `${what} on ${word} ${unlike.identity}`
}

const grantWords: Readonly<Record<string, string>> = {
  view: 'table',
  'materialized view': 'table',
  'foreign table': 'table',
  aggregate: 'function',
  domain: 'type',
  server: 'foreign server',
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
