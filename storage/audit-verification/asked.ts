import type { Actor } from '../../domain/organisation.ts'
import { commandDigest, commandOf, recordedDigest, type CommandRow } from '../commands.ts'
import { jsonDigest } from '../digest.ts'
import type { Queryable } from '../pool.ts'
import { checkCarriedOut, notAskedFor, verifyWithoutCommand } from './carried-out.ts'
import { commandKey, type Expected } from './expected.ts'
import { isBelow, type Findings } from './findings.ts'
import { rowsOf } from './rows.ts'

interface LaunchRow {
  migration: string
  system: string
  number: number
  plan: string
  request_id: string
  by_actor: string
  at_ms: string
}

/** Compares launches with the entries of their requests, and with their plans. */
export async function verifyLaunches(
  client: Queryable,
  { launches }: Expected,
  planDigests: ReadonlyMap<string, string>,
  findings: Findings,
): Promise<void> {
  const seen = new Set<string>()
  const sql =
    'select migration, system, number, plan, request_id, by_actor::text as by_actor, at_ms from launch'
  for await (const row of rowsOf<LaunchRow>(client, sql)) {
    findings.saw('launch')
    seen.add(row.migration)
    const entry = launches.get(row.migration)
    const at = { table: 'launch', record: row.migration, sequence: entry?.sequence } as const
    const by = findings.json(row.by_actor, { ...at, column: 'by_actor' })
    const named = `${row.system}-${row.number}`
    findings.same({ ...at, column: 'number', found: named, expected: row.migration, witness: 'content' })
    if (entry === undefined) {
      findings.unrecorded(at)
      continue
    }
    const { system, plan, planDigest, requestId } = entry.detail
    findings.same({ ...at, column: 'system', found: row.system, expected: system })
    findings.same({ ...at, column: 'plan', found: row.plan, expected: plan })
    findings.same({ ...at, column: 'by_actor', found: by, expected: entry.actor })
    findings.same({ ...at, column: 'plan (digest)', found: planDigests.get(row.plan), expected: planDigest })
    // Requested again, a launch has a later time.
    const atMs = Number(row.at_ms)
    findings.same({ ...at, column: 'at_ms', found: Math.min(atMs, entry.atMs), expected: entry.atMs })
    if (requestId === undefined) findings.earlier('launch', 'request_id')
    else findings.same({ ...at, column: 'request_id', found: row.request_id, expected: requestId })
  }
  for (const [migration, { sequence }] of launches)
    if (!seen.has(migration)) findings.missing({ table: 'launch', record: migration, sequence })
}

type TextRow = Omit<CommandRow, 'actor' | 'data'> & { actor: string; data: string; digest: string }

/** Compares what people, and the product itself, have asked for with the entries that say so. */
export async function verifyCommands(
  client: Queryable,
  expected: Expected,
  findings: Findings,
): Promise<void> {
  const { commands } = expected
  verifyWithoutCommand(expected, findings)
  const seen = new Set<string>()
  const sql = `select migration, request_id, name, actor::text as actor, data::text as data, digest, body_digest, given_at_ms
                 from command`
  for await (const row of rowsOf<TextRow>(client, sql)) {
    findings.saw('command')
    const key = commandKey(row.migration, row.request_id)
    seen.add(key)
    const entry = commands.get(key)
    const at = {
      table: 'command',
      record: `${row.migration}/${row.request_id}`,
      sequence: entry?.sequence,
    } as const
    const actor = findings.json(row.actor, { ...at, column: 'actor' }) as Actor
    const data = findings.json(row.data, { ...at, column: 'data' }) as CommandRow['data']
    const command = commandOf({ ...row, actor, data })
    findings.same({
      ...{ ...at, column: 'digest', witness: 'content' },
      found: row.digest,
      expected: commandDigest(command),
    })
    if (entry === undefined) {
      findings.unrecorded(at)
      continue
    }
    const { command: name, digest } = entry.detail
    findings.same({ ...at, column: 'name', found: row.name, expected: name })
    findings.same({ ...at, column: 'actor', found: actor, expected: entry.actor })
    const found = recordedDigest(command)
    findings.same({ ...at, column: 'actor, data, body_digest', found, expected: digest })
    checkCarriedOut(command, expected.carriedOut.get(key) ?? [], findings)
    expected.carriedOut.delete(key)
  }
  for (const events of expected.carriedOut.values()) for (const one of events) notAskedFor(one, findings)
  for (const [key, { sequence }] of commands)
    if (!seen.has(key)) findings.missing({ table: 'command', record: key.replace(' ', '/'), sequence })
}

interface RunRow {
  run_id: string
  started_at_ms: string
  content: string
  ended_at_ms: string | null
  outcome: string | null
}

/** Compares runs outside moves with the entries of their beginning and end. */
export async function verifyRuns(
  client: Queryable,
  { runs, runEnds }: Expected,
  findings: Findings,
): Promise<void> {
  const seen = new Set<string>()
  const sql =
    'select run_id, started_at_ms, content::text as content, ended_at_ms, outcome::text as outcome from playbook_run'
  for await (const row of rowsOf<RunRow>(client, sql, 50)) {
    findings.saw('playbook_run')
    seen.add(row.run_id)
    const entry = runs.get(row.run_id)
    const at = { table: 'playbook_run', record: row.run_id, sequence: entry?.sequence } as const
    const content = findings.json(row.content, { ...at, column: 'content' })
    const request = isBelow(content, 'request') ? content.request : {}
    findings.same({
      ...at,
      column: 'run_id',
      found: row.run_id,
      expected: request['runId'],
      witness: 'content',
    })
    if (entry === undefined) findings.unrecorded(at)
    else {
      const { runDigest, plan } = entry.detail
      const by = isBelow(content) ? content['by'] : undefined
      findings.same({
        ...at,
        column: 'started_at_ms',
        found: Number(row.started_at_ms),
        expected: entry.atMs,
      })
      findings.same({ ...at, column: 'content.by', found: by, expected: entry.actor })
      const named = isBelow(request, 'plan') ? request.plan['plan'] : undefined
      findings.same({ ...at, column: 'content.request.plan', found: named, expected: plan })
      if (runDigest === undefined) findings.earlier('playbook_run', 'content')
      else findings.same({ ...at, column: 'content', found: jsonDigest(content), expected: runDigest })
    }
    checkRunEnd(row, runEnds, findings)
  }
  for (const [run, { sequence }] of runs)
    if (!seen.has(run)) findings.missing({ table: 'playbook_run', record: run, sequence })
}

function checkRunEnd(row: RunRow, runEnds: Expected['runEnds'], findings: Findings): void {
  const entry = runEnds.get(row.run_id)
  const at = { table: 'playbook_run', record: row.run_id, sequence: entry?.sequence } as const
  const outcome = row.outcome === null ? undefined : findings.json(row.outcome, { ...at, column: 'outcome' })
  const endedAtMs = row.ended_at_ms === null ? undefined : Number(row.ended_at_ms)
  findings.same({ ...at, column: 'ended_at_ms', found: endedAtMs, expected: entry?.atMs })
  if (entry === undefined) findings.same({ ...at, column: 'outcome', found: outcome, expected: undefined })
  else if (entry.detail['outcomeDigest'] === undefined) findings.earlier('playbook_run', 'outcome')
  else {
    const found = jsonDigest(outcome ?? null)
    findings.same({ ...at, column: 'outcome', found, expected: entry.detail['outcomeDigest'] })
  }
}
