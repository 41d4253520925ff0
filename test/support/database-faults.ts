import type { DatabaseFacts } from '../../families/postgresql/facts/database-facts.ts'
import { databaseFacts, tableFacts, withMore } from './facts.ts'

/** One fault each: what the facts then say, and what is found. */
export interface Fault {
  readonly code: string
  readonly severity: 'critical' | 'warning' | 'information'
  readonly subject: string
  readonly facts: (facts: DatabaseFacts) => Partial<DatabaseFacts>
}

const job = (place: string) => ({
  scheduler: 'pg_cron',
  id: '1',
  name: 'nightly',
  place,
  active: true,
  words: '0 3 * * * call nightly()',
  off: 'update cron.job set active = false where jobid = 1',
  on: 'update cron.job set active = true where jobid = 1',
})

/** Every fault that facts alone can show. */
export const faults: readonly Fault[] = [
  {
    code: 'table-without-key',
    severity: 'critical',
    subject: 'public.visit_log',
    facts: ({ tables }) => ({
      tables: [
        ...tables,
        tableFacts({ name: 'public.visit_log', hasPrimaryKey: false, hasReplicaIdentity: false }),
      ],
    }),
  },
  {
    code: 'unlogged-table',
    severity: 'critical',
    subject: 'public.queue_ticket',
    facts: ({ tables }) => ({
      tables: [...tables, tableFacts({ name: 'public.queue_ticket', unlogged: true })],
    }),
  },
  {
    code: 'large-objects',
    severity: 'critical',
    subject: 'permit_desk',
    facts: () => ({ largeObjects: 1, largeObjectColumns: ['public.permit_type.seal_image'] }),
  },
  {
    code: 'wal-level',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, walLevel: 'replica' } }),
  },
  {
    code: 'server-is-standby',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, inRecovery: true } }),
  },
  {
    code: 'archiving-fails',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, notArchived: '000000010000000000000007' } }),
  },
  {
    code: 'commits-wait',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({
      server: { ...facts.server, synchronousStandbyNames: 'beside', synchronousStandbys: 0 },
    }),
  },
  {
    code: 'subscriber-counts-as-standby',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({
      server: { ...facts.server, synchronousStandbyNames: 'ANY 1 (*)', synchronousStandbys: 1 },
    }),
  },
  {
    code: 'replication-slots-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedReplicationSlots: 10 } }),
  },
  {
    code: 'wal-senders-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedWalSenders: 10 } }),
  },
  {
    code: 'prepared-transactions',
    severity: 'critical',
    subject: 'permit_desk',
    facts: () => ({ preparedTransactions: 2 }),
  },
  {
    code: 'application-role-superuser',
    severity: 'critical',
    subject: 'permit_desk',
    facts: () => ({ unfenced: [{ role: 'permit_desk' }] }),
  },
  {
    code: 'connect-through-superuser',
    severity: 'critical',
    subject: 'dba',
    facts: () => ({ unfenced: [{ role: 'dba', through: 'permit_desk' }] }),
  },
  {
    code: 'not-superuser',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({
      server: { ...facts.server, administrator: { name: 'postgres', superuser: false } },
    }),
  },
  {
    code: 'replication-workers',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, maxReplicationWorkers: 1 } }),
  },
  {
    code: 'worker-processes-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedWorkerProcesses: 7 } }),
  },
  {
    code: 'replication-origins-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedReplicationOrigins: 9 } }),
  },
  {
    code: 'connections-full',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, usedConnections: 90 } }),
  },
  {
    code: 'slot-log-bounded',
    severity: 'warning',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, keptLogMegabytes: 512 } }),
  },
  {
    code: 'idle-slot-timeout',
    severity: 'critical',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({ server: { ...facts.server, idleSlotTimeout: '1h' } }),
  },
  {
    code: 'foreign-subscription',
    severity: 'critical',
    subject: 'exchange',
    facts: () => ({ subscriptions: [{ name: 'exchange', enabled: true }] }),
  },
  {
    code: 'incoming-subscription',
    severity: 'warning',
    subject: 'exchange',
    facts: () => ({ subscriptions: [{ name: 'exchange', enabled: false }] }),
  },
  {
    code: 'scheduled-job',
    severity: 'warning',
    subject: 'pg_cron nightly',
    facts: () => ({ jobs: [job('postgres')] }),
  },
  {
    code: 'scheduler-inside',
    severity: 'critical',
    subject: 'pg_cron nightly',
    facts: () => ({ jobs: [job('permit_desk')] }),
  },
  {
    code: 'library-works-by-itself',
    severity: 'critical',
    subject: 'pg_partman_bgw',
    facts: () => ({
      workedOnBy: [{ library: 'pg_partman_bgw', setting: 'pg_partman_bgw.dbname', value: 'permit_desk' }],
    }),
  },
  {
    code: 'library-unknown',
    severity: 'warning',
    subject: 'house_worker',
    facts: () => ({ libraries: ['pg_stat_statements', 'house_worker'] }),
  },
  {
    code: 'topic-unreadable',
    severity: 'critical',
    subject: 'permit_desk: tables',
    facts: () => ({ unknown: [{ topic: 'tables', reason: 'permission denied' }] }),
  },
  {
    code: 'topic-unknown',
    severity: 'warning',
    subject: 'permit_desk: settings',
    facts: () => ({ unknown: [{ topic: 'settings', reason: 'permission denied' }] }),
  },
  {
    code: 'sequence-with-cache',
    severity: 'warning',
    subject: 'public.permit_no_seq',
    facts: () => ({
      sequences: [{ name: 'public.permit_no_seq', cache: 20, increment: 1, cycles: false }],
    }),
  },
  {
    code: 'materialised-view',
    severity: 'warning',
    subject: 'public.monthly_summary',
    facts: () => ({ materialisedViews: ['public.monthly_summary'] }),
  },
  {
    code: 'trigger-fires-on-apply',
    severity: 'critical',
    subject: 'public.permit.permit_touch',
    facts: () => ({ triggers: [{ table: 'public.permit', name: 'permit_touch', enabled: 'always' }] }),
  },
  {
    code: 'trigger',
    severity: 'information',
    subject: 'public.permit.permit_touch',
    facts: () => ({ triggers: [{ table: 'public.permit', name: 'permit_touch', enabled: 'origin' }] }),
  },
  {
    code: 'view',
    severity: 'information',
    subject: 'public.permit_overview',
    facts: () => ({ views: ['public.permit_overview'] }),
  },
  {
    code: 'event-trigger',
    severity: 'warning',
    subject: 'watch',
    facts: () => ({ eventTriggers: ['watch'] }),
  },
  {
    code: 'foreign-table',
    severity: 'warning',
    subject: 'public.elsewhere',
    facts: () => ({ foreignTables: ['public.elsewhere'] }),
  },
  {
    code: 'code-reaches-own-host',
    severity: 'critical',
    subject: 'public.rates()',
    facts: () => ({
      namedHosts: [{ object: 'public.rates()', host: '10.20.0.11', ofDatabase: true, isOwn: true }],
    }),
  },
  {
    code: 'code-reaches-elsewhere',
    severity: 'warning',
    subject: 'public.exchange()',
    facts: () => ({
      namedHosts: [{ object: 'public.exchange()', host: '10.20.9.9', ofDatabase: true, isOwn: false }],
    }),
  },
  {
    code: 'database-end-of-life',
    severity: 'warning',
    subject: '10.20.0.11:5432',
    facts: (facts) => ({
      server: { ...facts.server, version: '12.3', major: 12, endOfLife: '2024-11-21' },
    }),
  },
]

export function factsWith(chosen: readonly Fault[]): DatabaseFacts {
  return chosen.reduce((facts, fault) => withMore(facts, fault.facts(facts)), databaseFacts())
}
