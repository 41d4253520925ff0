import { isIP } from 'node:net'
import { addressesOf } from '../../../runner/ssh/addresses.ts'
import { quote } from '../../../runner/ssh/quote.ts'
import type { DatabasePort } from '../database.ts'
import { type HostInText, hostsInText, namesAsLiterals, ownServer } from './hosts-in-text.ts'
import type { Asked } from './topics.ts'

/** A host that code or a setting of the database names. */
export interface NamedHost extends HostInText {
  /** The function, view, default, rule, trigger, check, policy, setting or job. */
  readonly object: string
  /** Whether it is the host of the database itself. */
  readonly isOwn: boolean
}

const ownSchema = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')`
const ofOwn = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`

/** $1: addresses and full names that are the server's own; $2: its short names. Only texts that may name a host; catalogs alone are read. */
const textsQuery = `
WITH texts AS (
  SELECT p.oid::regprocedure::text AS object, l.lanname IN ('sql', 'plpgsql') AS "isSql", pg_get_functiondef(p.oid) AS text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE p.prokind IN ('f', 'p') AND l.lanname NOT IN ('c', 'internal') AND ${ownSchema} AND ${ofOwn('pg_proc', 'p.oid')}
  UNION ALL
  SELECT format('%I.%I', n.nspname, c.relname), true, pg_get_viewdef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('v', 'm') AND ${ownSchema} AND ${ofOwn('pg_class', 'c.oid')}
  UNION ALL
  SELECT format('%I on %I.%I', r.rulename, n.nspname, c.relname), true, pg_get_ruledef(r.oid)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE r.rulename <> '_RETURN' AND ${ownSchema} AND ${ofOwn('pg_class', 'c.oid')}
  UNION ALL
  SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname), true, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${ownSchema} AND ${ofOwn('pg_class', 'c.oid')}
  UNION ALL
  SELECT format('%I on %s', k.conname, coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text)), true, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE k.contype = 'c' AND ${ownSchema} AND ${ofOwn('pg_class', 'k.conrelid')}
  UNION ALL
  SELECT format('%I on %s', y.polname, y.polrelid::regclass), true, concat_ws(';', pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid))
    FROM pg_policy y
  UNION ALL
  SELECT format('%I on %s', t.tgname, t.tgrelid::regclass), true, pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT t.tgisinternal AND t.tgnargs > 0 AND ${ownSchema}
  UNION ALL
  SELECT split_part(o, '=', 1), true, quote_literal(substr(o, position('=' IN o) + 1))
    FROM pg_db_role_setting s, unnest(s.setconfig) o
   WHERE (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
     AND split_part(o, '=', 1) LIKE '%.%')
SELECT DISTINCT object, "isSql", left(text, 50000) AS text,
       ARRAY(SELECT address FROM unnest($1::text[]) address
              WHERE lower(text) ~ ('(^|[^\\w.])' || regexp_replace(address, '([^\\w])', '\\\\\\1', 'g') || '($|[^\\w.])')) AS mentioned
  FROM texts
 WHERE text ~* '\\m(host|hostaddr|dbname)\\s*=|://|(\\s-h|--host)\\M'
    OR EXISTS (SELECT FROM unnest($1::text[] || $2::text[]) name WHERE position(name IN lower(text)) > 0)
 ORDER BY 1 LIMIT 1000`

/** Hosts that functions, views, defaults, rules, checks, policies, triggers and settings of the database name. */
export async function namedHosts({ rows, port }: Asked): Promise<readonly NamedHost[]> {
  const own = (await ownAddresses(rows, port)).filter((address) => !loopback.test(address))
  const names = await ownNames(port)
  const full = [...own, ...names.filter((name) => name.includes('.'))].map((one) => one.toLowerCase())
  const short = names.filter((name) => !name.includes('.'))
  // The text of a view is read under the locks of what it reads, which somebody may hold for long.
  const [had] = await rows<{ lockTimeout: string }>(
    `SELECT current_setting('lock_timeout') AS "lockTimeout", set_config('lock_timeout', '2s', true)`,
  )
  const texts = await rows<{ object: string; isSql: boolean; text: string; mentioned: string[] }>(
    textsQuery,
    [full, short],
  )
  await rows(`SELECT set_config('lock_timeout', $1, true)`, [had?.lockTimeout])
  const found = texts.flatMap(({ object, isSql, text, mentioned }) => [
    ...hostsInText(text, isSql ? 'sql' : 'other').map((one) => ({ object, ...one })),
    ...[...mentioned, ...namesAsLiterals(text, short)].map((host) => ({ object, host, ofDatabase: true })),
  ])
  const isOwn = await whichAreOwn(
    port,
    [...own, ...names],
    found.map(({ host }) => host),
  )
  const named = found.map((one) => ({ ...one, isOwn: isOwn.has(one.host) }))
  return [...new Map(named.map((one) => [`${one.object} ${one.host}`, one])).values()]
}

/** Hosts that the text of a job names, held against the server whose scheduler keeps it. */
export async function hostsOfJob(
  port: DatabasePort,
  text: string,
): Promise<readonly Omit<NamedHost, 'object'>[]> {
  const found = hostsInText(text, 'sql')
  const isOwn = await whichAreOwn(
    port,
    [port.address, port.replicationAddress],
    found.map(({ host }) => host),
  )
  return found.map((one) => ({ ...one, isOwn: isOwn.has(one.host) }))
}

/** Those of some hosts that are the server's own, as its host understands them. */
export async function ownHosts(port: DatabasePort, hosts: readonly string[]): Promise<ReadonlySet<string>> {
  return whichAreOwn(port, [port.address, port.replicationAddress], hosts)
}

/** A socket, or a name or address of whatever host it is used on. */
const loopback = /^(localhost|localhost\..*|.*\.localhost|127\..*|::1|0\.0\.0\.0|\/.*|@.*)$/i

async function ownAddresses(rows: Asked['rows'], port: DatabasePort): Promise<readonly string[]> {
  const [here] = await rows<{ address: string | null }>('SELECT host(inet_server_addr()) AS address')
  return [
    ...new Set([
      port.address,
      port.replicationAddress,
      ...(typeof here?.address === 'string' ? [here.address] : []),
    ]),
  ]
}

/** What the host of the server calls itself; nothing where it is not known. */
async function ownNames(port: DatabasePort): Promise<readonly string[]> {
  if (port.host === undefined) return []
  const told = await port
    .host()
    .run('hostname; hostname -f; true', { timeoutMs: lookupMs })
    .catch(() => undefined)
  const names = (told?.stdout ?? '').split('\n').map((name) => name.trim().toLowerCase())
  return [...new Set(names)].filter((name) => isName.test(name) && !loopback.test(name))
}

const isName = /^[a-z0-9][a-z0-9._-]*$/

/** Names are looked up where the server runs, as its code would; without its host, from here. One that is not known is not its own. */
async function whichAreOwn(
  port: DatabasePort,
  own: readonly string[],
  hosts: readonly string[],
): Promise<ReadonlySet<string>> {
  const addresses = new Set(own.map((one) => one.toLowerCase()))
  const isOwn = (host: string) => host === ownServer || loopback.test(host) || addresses.has(host)
  const names = [...new Set(hosts)]
    .filter((host) => !isOwn(host) && isIP(host) === 0 && isName.test(host))
    .slice(0, mostNames)
  const found = new Set(hosts.filter(isOwn))
  for (const address of addresses)
    for (const one of await addressesOf(address)) addresses.add(one.toLowerCase())
  const known = await addressesByName(port, names)
  for (const [name, resolved] of known) if (resolved.some(isOwn)) found.add(name)
  return found
}

const mostNames = 50
const lookupMs = 2_000

async function addressesByName(
  port: DatabasePort,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map()
  if (port.host !== undefined) {
    const script = names
      .map((name) => `getent ahosts ${quote(name)} | while read -r a _; do echo ${quote(name)} "$a"; done`)
      .join('\n')
    const told = await port
      .host()
      .run(`${script}\ntrue`, { timeoutMs: lookupMs })
      .catch(() => undefined)
    if (told !== undefined) return byName(told.stdout)
  }
  return new Map(await Promise.all(names.map(async (name) => [name, await addressesOf(name)] as const)))
}

function byName(stdout: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const line of stdout.split('\n')) {
    const [name, address] = line.split(' ')
    if (name !== undefined && address !== undefined)
      found.set(name, [...(found.get(name) ?? []), address.toLowerCase()])
  }
  return found
}
