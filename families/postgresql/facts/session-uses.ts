import { maskSecrets } from '../../../domain/secret-text.ts'
import { isApplyRole } from '../replication/apply-role-name.ts'
import { countedStatements } from './counted-statements.ts'
import type { Asked } from './topics.ts'

/** What a role was seen to do that holds for one session of the server, or asks that the session stays the same. */
export interface SessionUse {
  readonly role: string
  /** Address of the client as the server sees it; empty where only statistics tell. */
  readonly from: string
  /** `state` outlives its transaction; `parameters` are sent to a statement that may have been prepared before, in another session. */
  readonly sort: 'state' | 'parameters'
  /** The head of the statement, or what its driver calls itself: without values. */
  readonly words: string
  readonly seenIn: 'pg_stat_activity' | 'pg_stat_statements'
}

const name = String.raw`(?:"[^"]{1,63}"|[\w.$]{1,127})`

/** Statements whose effect stays in the session; what ends with its transaction is none of it, nor what poolers carry over. */
const stateful: readonly RegExp[] = [
  new RegExp(String.raw`^listen\s+${name}`, 'i'),
  new RegExp(
    String.raw`^set\s+(?!local\b|transaction\b|constraints\b|session\s+characteristics\b)(?:session\s+(?!authorization\b))?(?!(?:application_name|client_encoding|names|datestyle|timezone|time\s+zone|standard_conforming_strings|intervalstyle|extra_float_digits)\b)(?:role\b|session\s+authorization\b|${name})`,
    'i',
  ),
  new RegExp(String.raw`^prepare\s+(?!transaction\b)${name}`, 'i'),
  new RegExp(
    String.raw`^create\s+(?:(?:local|global)\s+)?temp(?:orary)?\s+\w+\s+(?:if\s+not\s+exists\s+)?${name}`,
    'i',
  ),
  new RegExp(String.raw`^declare\s+${name}[^;]*?\bwith\s+hold\b`, 'i'),
  /\bpg_(?:try_)?advisory_lock(?:_shared)?\b/i,
]

/** The head of a statement that leaves something in its session; undefined for others. */
export function statefulWords(statement: string): string | undefined {
  const plain = statement.replaceAll(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/g, '')
  if (/^create\s.*\bon\s+commit\s+drop\b/is.test(plain)) return undefined
  for (const pattern of stateful) {
    const found = pattern.exec(plain)?.[0]
    if (found !== undefined) return maskSecrets(found.replaceAll(/\s+/g, ' ')).slice(0, 80)
  }
  return undefined
}

/** Prepares statements by name as it comes, after a few executions: https://jdbc.postgresql.org/documentation/server-prepare/ */
const preparingDriver = /^PostgreSQL JDBC Driver/

/** Looks at what sessions run at this moment, and at what the server has counted, where it does. */
export async function sessionUses(asked: Asked): Promise<readonly SessionUse[]> {
  const [running, counted] = [await inSessions(asked), await inStatistics(asked)]
  const found = [...running, ...counted]
  const key = ({ role, from, words }: SessionUse) => JSON.stringify([role, from, words])
  return [...new Map(found.map((use) => [key(use), use])).values()].slice(0, 500)
}

async function inSessions({ rows, port }: Asked): Promise<readonly SessionUse[]> {
  const sessions = await rows<{ role: string; from: string; application: string; query: string }>(
    `SELECT a.usename AS role, coalesce(host(a.client_addr), 'local') AS from, a.application_name AS application, left(a.query, 2000) AS query
       FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
      WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND NOT r.rolsuper
        AND NOT ${isApplyRole('r.rolname')} AND a.usename <> $1
      ORDER BY a.backend_start LIMIT 5000`,
    [port.adminUser],
  )
  return sessions.flatMap(({ role, from, application, query }): readonly SessionUse[] => {
    const seen = { role, from, seenIn: 'pg_stat_activity' } as const
    const state = statefulWords(query)
    const driver = preparingDriver.exec(application)?.[0]
    // A pooler leaves our name on a session that goes on to somebody who has none.
    const isOurs = application.startsWith('qianyun')
    const parameter = /(?<![\w$'])\$\d{1,3}\b/.exec(query)?.[0]
    return [
      ...(state === undefined ? [] : [{ ...seen, sort: 'state' as const, words: state }]),
      ...(driver === undefined ? [] : [{ ...seen, sort: 'parameters' as const, words: driver }]),
      ...(parameter === undefined || isOurs
        ? []
        : [{ ...seen, sort: 'parameters' as const, words: parameter }]),
    ]
  })
}

async function inStatistics({ rows, port }: Asked): Promise<readonly SessionUse[]> {
  const [found] = await rows<{ counted: string }>(countedStatements)
  if (found === undefined) return []
  const statements = await rows<{ role: string; query: string }>(
    `SELECT r.rolname AS role, left(s.query, 2000) AS query
       FROM ${found.counted} s JOIN pg_roles r ON r.oid = s.userid
      WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT r.rolsuper
        AND NOT ${isApplyRole('r.rolname')} AND r.rolname <> $1 AND s.query ~* '^\\s*(listen|set|prepare|create|declare|/|-)|advisory_lock'
      ORDER BY s.calls DESC LIMIT 5000`,
    [port.adminUser],
  )
  return statements.flatMap(({ role, query }) => {
    const words = statefulWords(query)
    return words === undefined
      ? []
      : [{ role, from: '', sort: 'state' as const, words, seenIn: 'pg_stat_statements' as const }]
  })
}

const most = 5

/** What each role was seen to do, as values of a sentence. */
export function wordsOfRoles(
  uses: readonly SessionUse[],
): readonly { readonly role: string; readonly words: string; readonly seenIn: string }[] {
  return [...new Set(uses.map(({ role }) => role))].map((role) => {
    const ofRole = uses.filter((use) => use.role === role)
    const words = [...new Set(ofRole.map((use) => use.words))]
    return {
      role,
      words: `${words.slice(0, most).join('; ')}${words.length > most ? '; …' : ''}`,
      seenIn: [...new Set(ofRole.map((use) => use.seenIn))].toSorted().join(', '),
    }
  })
}
