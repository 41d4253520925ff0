import type { Said } from '../../domain/words/message.ts'
import { say } from '../../domain/words/said.ts'
import type { AuditHead } from '../audit-chain.ts'
import { inTransaction, type Pool } from '../pool.ts'
import { verifyCommands, verifyLaunches, verifyRuns } from './asked.ts'
import { verifyAddresses, verifyEnds } from './decisions.ts'
import { verifyEntries } from './entries.ts'
import { verifyFiles } from './files.ts'
import { Findings, type AuditFault, type AuditLook } from './findings.ts'
import { verifyEnd, verifyGuards } from './guards.ts'
import { verifyPlans, verifySystems } from './ledger.ts'
import { verifyMoves } from './moves.ts'
import { verifyAccounts } from './people.ts'

/** What is on record, held against itself. */
export interface AuditVerification {
  readonly verified: boolean
  readonly entries: number
  /** The last entry before the first break of the chain. A copy of it kept elsewhere shows later whether the log was rewritten. */
  readonly head: AuditHead
  readonly firstBad?: { readonly sequence: number; readonly reason: string }
  /** The first of the faults. */
  readonly faults: readonly AuditFault[]
  readonly faultCount: number
  readonly looked: readonly AuditLook[]
  readonly notLooked: readonly Said[]
}

/**
 * Recomputes the chain of the audit log, and holds every record against the entry, the events or the digest it rests on: states of moves
 * are what their events add up to, the ledger is as it was imported last, accounts have the keys they were given. Looks at one
 * snapshot; what comes later is looked at the next time.
 */
export async function verifyAudit(pool: Pool): Promise<AuditVerification> {
  return inTransaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only')
    const findings = new Findings()
    const { whole, last, expected } = await verifyEntries(client, findings)
    await verifyEnd(client, last, findings)
    const keys = await verifyAccounts(client, expected, findings)
    await verifySystems(client, expected, findings)
    const plans = await verifyPlans(client, expected, findings)
    await verifyLaunches(client, expected, plans, findings)
    await verifyCommands(client, expected, findings)
    await verifyRuns(client, expected, findings)
    await verifyAddresses(client, expected, findings)
    await verifyEnds(client, expected, findings)
    await verifyFiles(client, expected, findings)
    await verifyMoves(client, expected, keys, findings)
    await verifyGuards(client, findings)
    return verdict(whole, findings)
  })
}

function verdict(head: AuditHead, findings: Findings): AuditVerification {
  const { faults, count: faultCount } = findings
  const [first] = faults
    .flatMap(({ sequence, what }) => (sequence === undefined ? [] : [{ sequence, what }]))
    .sort((one, other) => one.sequence - other.sequence)
  return {
    verified: faultCount === 0,
    entries: head.sequence,
    head,
    ...(first === undefined ? {} : { firstBad: { sequence: first.sequence, reason: say('en', first.what) } }),
    faults,
    faultCount,
    looked: findings.looked(),
    notLooked: findings.notLooked(),
  }
}
