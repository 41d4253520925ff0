import type { Command, CommandData, CommandName, Refusal } from '../../domain/move/command.ts'
import { refuse } from '../../domain/move/command.ts'
import { refusal } from '../../domain/move/rules/commands.ts'
import { toldOfLedger, type LedgerContradiction } from '../../domain/move/ledger-contradiction.ts'
import { isSwitched } from '../../domain/move/switches.ts'
import { latestRollbackAtMs } from '../../domain/move/cutover-window.ts'
import type { EventData, EventType, MigrationEvent } from '../../domain/move/event.ts'
import { type KeptDump, givingUpTasks } from '../../domain/move/giving-up.ts'
import type { Side } from '../../domain/move/workflow-end.ts'
import { applyEvent } from '../../domain/move/migration.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { withReadReasons } from '../../domain/move/recorded-reason.ts'
import { upgradePlan } from '../../domain/plan/upgrade.ts'
import type { Actor } from '../../domain/organisation.ts'
import { engineActor } from '../../domain/organisation.ts'
import { missingParties } from '../../domain/move/signoff.ts'
import type {
  AnsweredRequest,
  CommandReceipt,
  CommandRequest,
  MigrationInput,
  ResumedMigration,
} from './messages.ts'
import { stateVersions, UnknownStateVersionError } from './unknown-state-version.ts'
import { said } from '../../domain/words/said.ts'
import { taskTitles } from '../../domain/words/tasks.ts'

const takenOf = ({ task, reason }: CommandData['take-task']): EventData['task-taken'] =>
  reason === undefined ? { task } : { task, reason }

const completedOf = ({
  task,
  note,
  evidence,
  reasons,
  figures,
}: CommandData['complete-task']): EventData['task-completed'] => ({
  task,
  note,
  evidence,
  ...(reasons && { reasons }),
  ...(figures && { figures }),
})

const aloneIn = ({ newSideGone, instead }: CommandData['roll-back']) => ({
  ...(newSideGone && { newSideGone }),
  ...(instead && { instead }),
})

const withGiveUp = ({ reason, giveUp }: CommandData['rearm-way-back']): EventData['rearm-requested'] => ({
  reason,
  ...(giveUp && { giveUp }),
})

const releaseOf = ({
  statement,
  signed,
}: CommandData['release-retention']): EventData['retention-released'] => ({
  statement,
  ...(signed && { signed }),
})

/** How many answered requests are remembered across continue-as-new. */
const answeredKept = 500

/**
 * The truth of one move: what has happened, and what is still to be recorded in storage. Holds no Temporal, reads no
 * clock of its own (`now` is given), and changes only by events.
 */
export class MigrationState {
  private current: Migration
  private readonly unrecorded: MigrationEvent[] = []
  private readonly answered: Map<string, AnsweredRequest>
  private takenInRun = 0
  /** The request that is being carried out. */
  private command: string | undefined

  /** @throws UnknownStateVersionError */
  constructor(
    input: MigrationInput,
    private readonly now: () => number,
  ) {
    if (input.resumed) {
      const { schemaVersion, migration } = input.resumed
      if (!stateVersions.includes(schemaVersion)) throw new UnknownStateVersionError(schemaVersion)
      this.current = withReadReasons({ ...migration, plan: upgradePlan(migration.plan) })
      this.unrecorded.push(...input.resumed.unrecorded)
      this.answered = new Map(input.resumed.answered.map(({ requestId, ...answer }) => [requestId, answer]))
      return
    }
    const launched: MigrationEvent = {
      migration: input.migration,
      sequence: 1,
      atMs: now(),
      actor: input.launchedBy,
      type: 'launched',
      data: { plan: input.plan, planDigest: input.planDigest },
    }
    this.current = applyEvent(undefined, launched)
    this.unrecorded.push(launched)
    this.answered = new Map()
    this.emit('phase-entered', { phase: 'assessment', round: 1 })
  }

  get migration(): Migration {
    return this.current
  }

  /** Adds one event by the engine, or by the person who asked for it. */
  emit<T extends EventType>(type: T, data: EventData[T], actor: Actor = engineActor): void {
    const event = {
      migration: this.current.migration,
      sequence: this.current.sequence + 1,
      atMs: this.now(),
      actor,
      ...(actor.role !== 'engine' && this.command !== undefined && { command: this.command }),
      type,
      data,
    } as unknown as MigrationEvent
    this.current = applyEvent(this.current, event)
    this.unrecorded.push(event)
  }

  /** The events storage has not got yet, oldest first. They stay until `recorded` names them. */
  get toRecord(): readonly MigrationEvent[] {
    return this.unrecorded
  }

  /** Storage has every event up to this sequence. */
  recorded(upToSequence: number): void {
    const kept = this.unrecorded.findIndex((e) => e.sequence > upToSequence)
    this.unrecorded.splice(0, kept === -1 ? this.unrecorded.length : kept)
  }

  /** Why a request is refused now. The very same request again is never refused: it gets its answer again. */
  refusalOf<N extends CommandName>(name: N, request: CommandRequest<N>): Refusal | undefined {
    const before = this.answered.get(request.requestId)
    if (before !== undefined) {
      return before.contentDigest === request.contentDigest ? undefined : refuse('request-id-reused')
    }
    return refusal(this.current, commandOf(name, request.data), request.actor, this.now())
  }

  /** Carries out a command that has passed `refusalOf`, once per request id. */
  take<N extends CommandName>(name: N, request: CommandRequest<N>): CommandReceipt {
    const before = this.answered.get(request.requestId)
    if (before !== undefined) return { sequence: before.sequence }
    this.takenInRun += 1
    this.command = request.requestId
    this.carryOut(commandOf(name, request.data), request.actor)
    this.command = undefined
    const { sequence } = this.current
    const { requestId, contentDigest } = request
    this.answered.set(requestId, contentDigest === undefined ? { sequence } : { sequence, contentDigest })
    return { sequence }
  }

  /** How many commands this run has taken. */
  get taken(): number {
    return this.takenInRun
  }

  /** What the next run begins with. */
  resumed(): ResumedMigration {
    const answered = [...this.answered].slice(-answeredKept)
    return {
      schemaVersion: 2,
      migration: this.current,
      unrecorded: this.unrecorded,
      answered: answered.map(([requestId, answer]) => ({ requestId, ...answer })),
    }
  }

  private carryOut(command: Command, actor: Actor): void {
    switch (command.name) {
      case 'pause':
        return this.emit('paused', { reason: command.reason }, actor)
      case 'hold':
        return this.emit('held', { reason: command.reason }, actor)
      case 'resume':
        return this.emit('resumed', { note: command.note }, actor)
      case 'abort':
        return this.emit('abort-requested', { reason: command.reason }, actor)
      case 'retry-step':
        return this.emit('step-retried', { step: command.step, note: command.note }, actor)
      case 'skip-step':
        return this.skipStep(command, actor)
      case 'take-task':
        return this.emit('task-taken', takenOf(command), actor)
      case 'complete-task':
        return this.emit('task-completed', completedOf(command), actor)
      case 'sign-task': {
        const { task, keyId, digest, signature } = command
        return this.emit('task-signed', { task, keyId, digest, signature }, actor)
      }
      case 'accept-task':
        return this.emit('task-closed', { task: command.task }, actor)
      case 'reject-task':
        return this.emit('task-rejected', { task: command.task, reason: command.reason }, actor)
      case 'amend-report':
        return this.amendReport(command.remark, actor)
      case 'sign-report':
        return this.signReport(command.signoff, actor)
      case 'schedule-cutover':
        return this.scheduleCutover(command.window, actor)
      case 'decide-cutover':
        return this.emit('cutover-decided', { decision: command.decision, reason: command.reason }, actor)
      case 'roll-back':
        return this.rollBack(command, actor)
      case 'rearm-way-back':
        this.emit('rearm-requested', withGiveUp(command), actor)
        return this.askToGiveUp('old', command.giveUp)
      case 'settle-cutover': {
        const data = { ...withGiveUp(command), ...aloneIn(command) }
        this.emit('settle-requested', data, actor)
        return this.askToGiveUp('new', command.giveUp)
      }
      case 'change-schema': {
        const { name: _name, ...asked } = command
        return this.emit('schema-change-requested', asked, actor)
      }
      case 'release-retention':
        return this.emit('retention-released', releaseOf(command), actor)
      case 'ledger-changed':
        return this.ledgerChanged(command.contradictions, actor)
      case 'report-way-back':
        return this.emit('way-back-changed', { state: command.state, reasons: command.reasons }, actor)
      case 'report-forward':
        return this.emit('forward-changed', { reasons: command.reasons }, actor)
    }
  }

  /** Of a playbook only the step that failed is left out; the rest of it is still wanted. */
  private skipStep({ step, reason }: CommandData['skip-step'], actor: Actor): void {
    const playbookStep = this.current.step?.failure?.playbookStep
    this.emit(
      'step-skipped',
      { step, reason, ...(playbookStep === undefined ? {} : { playbookStep }) },
      actor,
    )
  }

  private rollBack(command: CommandData['roll-back'], actor: Actor): void {
    this.emit('rollback-requested', { reason: command.reason, automatic: false, ...aloneIn(command) }, actor)
  }

  /** Two people are asked, each by a task of their own. */
  private askToGiveUp(side: Side, giveUp: KeptDump | undefined): void {
    if (giveUp === undefined) return
    for (const task of givingUpTasks(this.current, side, giveUp)) this.emit('task-opened', { task })
  }

  private amendReport(remark: string, actor: Actor): void {
    const digest = this.current.report?.digest ?? ''
    this.emit('report-amended', { remark }, actor)
    this.emit('signoffs-voided', { digest, reason: 'the report was amended' }, actor)
  }

  /** The parties and the coordination team are told why, each by a task of their own. */
  private ledgerChanged(contradictions: readonly LedgerContradiction[], actor: Actor): void {
    const { signoffs, plan, report } = this.current
    this.emit('ledger-changed', { contradictions }, actor)
    if (contradictions.length === 0) return
    if (signoffs.length > 0 && this.current.signoffs.length === 0)
      this.emit(
        'signoffs-voided',
        { digest: report?.digest ?? '', reason: said('ledger-voids-signatures') },
        actor,
      )
    const { sequence } = this.current
    for (const role of toldOfLedger(plan)) {
      this.emit('task-opened', {
        task: {
          id: `ledger-${String(sequence)}-${role}`,
          kind: 'acknowledge-ledger-change',
          title: taskTitles['acknowledge-ledger-change'],
          assignee: { role, organisation: plan.organisations[role] },
          wantsEvidence: false,
          wantsSignature: false,
          details: { contradictions, serves: isSwitched(this.current) ? 'new' : 'old' },
          state: 'open',
          evidence: [],
          rejections: [],
        },
      })
    }
  }

  private signReport(signoff: CommandData['sign-report']['signoff'], actor: Actor): void {
    // The moment of signing is the engine's: a client's clock proves nothing.
    this.emit('signed-off', { signoff: { ...signoff, atMs: this.now() } }, actor)
    const { plan, signoffs, report } = this.current
    if (report && missingParties(plan.policy.parties, signoffs, report.digest).length === 0) {
      this.emit('recognised', { digest: report.digest })
    }
  }

  private scheduleCutover(window: CommandData['schedule-cutover']['window'], actor: Actor): void {
    const rehearsed = this.current.rehearsal ?? { cutoverMs: 0, rollbackMs: 0 }
    const latest = latestRollbackAtMs(window, rehearsed)
    this.emit('cutover-scheduled', { window, latestRollbackAtMs: latest }, actor)
  }
}

const commandOf = <N extends CommandName>(name: N, data: Readonly<CommandData[N]>): Command =>
  ({ ...data, name }) as unknown as Command
