import type { MigrationEvent } from '../../domain/move/event.ts'
import type { AuditEntry } from '../audit-chain.ts'

/** As much of an event as is left of one that was changed. */
type Changed = Partial<Pick<MigrationEvent, 'migration' | 'command' | 'actor'>>

/** An event with the entry that has it. */
export interface EventAt {
  readonly event: MigrationEvent
  readonly sequence: number
}

/** What the audit log says of the records beside it, as the newest entry about each has it. */
export class Expected {
  readonly accounts = new Map<string, AuditEntry>()
  readonly imports = new Map<string, AuditEntry>()
  readonly plans = new Map<string, AuditEntry>()
  readonly launches = new Map<string, AuditEntry>()
  readonly commands = new Map<string, AuditEntry>()
  readonly uploads = new Map<string, AuditEntry[]>()
  readonly addresses: AuditEntry[] = []
  readonly runs = new Map<string, AuditEntry>()
  readonly runEnds = new Map<string, AuditEntry>()
  readonly ends = new Map<string, AuditEntry>()
  /** What the events name, each with the entry that has the event. */
  readonly moves = new Set<string>()
  readonly reports = new Map<string, { readonly report: string; readonly sequence: number }>()
  readonly facts = new Map<string, number>()
  readonly attachments = new Map<string, number>()
  /** Events that name a person, or what the product has told a move, by the command they carry out. */
  readonly carriedOut = new Map<string, EventAt[]>()
  /** Those that name a person and no command. */
  readonly withoutCommand: EventAt[] = []
  /** The entry of the first command; before it, commands did not stand on record. */
  firstCommand: number | undefined

  take(entry: AuditEntry, event: MigrationEvent | undefined): void {
    const { subject, detail } = entry
    switch (entry.kind) {
      case 'account-set':
        this.accounts.set(subject, entry)
        break
      case 'system-imported':
        this.imports.set(subject, entry)
        break
      case 'plan-created':
        this.plans.set(subject, entry)
        break
      case 'launch-requested':
        this.launches.set(subject, entry)
        break
      case 'launch-withdrawn':
        this.launches.delete(subject)
        break
      case 'command-given':
        this.firstCommand ??= entry.sequence
        this.commands.set(commandKey(subject, String(detail['requestId'])), entry)
        break
      case 'evidence-stored':
        this.addUpload(uploadKey(subject, entry.actor?.account ?? ''), entry)
        break
      case 'secret-address':
        this.addresses.push(entry)
        break
      case 'playbook-run':
        this.runs.set(subject, entry)
        break
      case 'playbook-run-ended':
        this.runEnds.set(subject, entry)
        break
      case 'workflow-ended':
        this.ends.set(subject, entry)
        break
      case 'workflow-runs-again':
        this.ends.delete(subject)
        break
      case 'event':
        if (event !== undefined) this.takeEvent(event, entry.sequence)
        break
      case 'refusal':
      case 'command-not-given':
      case 'projection-folded-anew':
        break
    }
  }

  private takeAsked(event: MigrationEvent, sequence: number): void {
    // One that was changed may have nobody.
    const { migration = '', command, actor } = event as Changed
    if (command !== undefined) {
      const key = commandKey(migration, command)
      this.carriedOut.set(key, [...(this.carriedOut.get(key) ?? []), { event, sequence }])
    } else if (actor?.role !== 'engine') this.withoutCommand.push({ event, sequence })
  }

  private addUpload(key: string, entry: AuditEntry): void {
    this.uploads.set(key, [...(this.uploads.get(key) ?? []), entry])
  }

  private takeEvent(event: MigrationEvent, sequence: number): void {
    const { migration } = event
    this.moves.add(migration)
    this.takeAsked(event, sequence)
    switch (event.type) {
      case 'report-issued':
        this.reports.set(event.data.digest, { report: reportKey(migration, event.data.version), sequence })
        break
      case 'assessed':
        this.facts.set(event.data.assessment.factsDigest, sequence)
        this.facts.set(event.data.assessment.findingsDigest, sequence)
        break
      case 'rehearsed':
        this.facts.set(event.data.rehearsal.evidenceDigest, sequence)
        break
      case 'wiped':
        this.facts.set(event.data.proofDigest, sequence)
        break
      case 'schema-change-requested':
        this.facts.set(event.data.sqlDigest, sequence)
        break
      case 'task-completed':
        for (const { digest } of event.data.evidence)
          this.attachments.set(attachmentKey(digest, migration), sequence)
        break
      default:
        break
    }
  }
}

export const commandKey = (migration: string, requestId: string): string => `${migration} ${requestId}`
export const uploadKey = (digest: string, account: string): string => `${digest} ${account}`
export const reportKey = (migration: string, version: number): string => `${migration}/${version}`
export const attachmentKey = (digest: string, migration: string): string => `${digest} ${migration}`
