import type { MigrationView, Task } from '../../api/contract.ts'
import { RefusedError } from '../../cli/command-line/errors.ts'
import { failureText } from '../../cli/views/particulars.ts'
import type { Role } from '../../domain/organisation.ts'
import { nameOf } from '../../domain/words/said.ts'
import { language } from '../../standalone/sentences.ts'
import type { Writers } from '../writers/writers.ts'
import { DemoFailedError } from './errors.ts'
import type { Jobs } from './jobs.ts'
import type { Person, People } from './people.ts'
import { says } from './sentences.ts'

/** The switches the demo makes, in order; the names the writers' marks and the summary go by. */
export const switchNames = ['cutover', 'rollback', 'recutover'] as const
export type SwitchName = (typeof switchNames)[number]

/** Refusals by which the move says that it is not quite there yet. */
const tooEarly: ReadonlySet<string> = new Set(['not-ready', 'window-not-open', 'wrong-task-state'])

/** How long the writers use the system after a switch before the next thing happens. */
const useMs = 4_000

/** How often a step is tried before its gate counts as missed for good. */
const mostAttempts = 3

/** Does what the people of a move do, each when the move waits for it. */
export class Decisions {
  private readonly done = new Set<string>()
  private readonly overSinceMs = new Map<SwitchName, number>()
  private goes = 0

  constructor(
    private readonly people: People,
    private readonly writers: Writers,
    /** Absent for a system without scheduled jobs. */
    private readonly jobs: Jobs | undefined,
    /** A line for the live view: who does what. */
    private readonly say: (line: string) => void,
  ) {}

  /** Looks at the move once, and does the next thing people have to do, if there is one. */
  async next(m: MigrationView): Promise<void> {
    await this.noteSwitches(m)
    for (const waiting of m.waitingFor) {
      switch (waiting.code) {
        case 'task':
          await this.doTask(m, m.tasks.find((t) => t.id === waiting.subject) as Task)
          break
        case 'signoff':
          for (const role of waiting.roles) {
            await this.once(m, `sign-${role}`, says.recognises(roleName(role)), () =>
              this.people[role].recognise(m),
            )
          }
          break
        case 'cutover-schedule':
          await this.schedule(m)
          break
        case 'cutover-decision':
          await this.once(m, `go ${this.goes}`, says.saysGo, () => this.go(m))
          break
        case 'retention-time':
        case 'retention-release':
          if (switchesOf(m).length === 1) await this.rollBack(m)
          else if (waiting.code === 'retention-release') await this.release(m)
          break
        case 'blocked-step':
          await this.retry(m)
          break
        case 'ledger-contradiction':
          throw new DemoFailedError(says.failures.ledgerChanged)
        case 'schema-change':
          throw new DemoFailedError(says.failures.schemaChanged)
        case 'way-back-lost':
          throw new DemoFailedError(says.failures.wayBackLost)
        case 'end-acknowledgement':
        case 'ended-on-new-side':
          throw new DemoFailedError(says.failures.endedOutside)
        case 'resume':
        case 'trial-run':
        case 'cutover-window':
        // A worker that was killed is started anew.
        case 'runner':
          break
      }
    }
  }

  /** What was measured while a worker was down or the machine too busy is measured again; any other failure is a fault. */
  private async retry(m: MigrationView): Promise<void> {
    const { id = '', attempt = 0, failure } = m.step ?? {}
    const why = failure === undefined ? '' : failureText(language, failure)
    if (failure?.code !== 'gate-missed' || attempt >= mostAttempts) {
      throw new DemoFailedError(says.stepFailed(nameOf(language, 'step', id), why))
    }
    await this.once(m, `retry ${id} ${attempt}`, says.triesAgain(why), () =>
      this.people.operations.api.call('retryStep', {
        params: { system: m.plan.system },
        body: { step: id, note: says.notes.tryAgain },
      }),
    )
  }

  private async doTask(m: MigrationView, task: Task): Promise<void> {
    const { owner, provider, vendor, coordinator } = this.people
    switch (task.kind) {
      case 'accept-findings':
        return this.complete(m, task, owner, says.notes.acceptFindings)
      case 'approve-resources':
        return this.complete(m, task, provider, says.notes.approveResources)
      case 'adapt-code':
        return this.adapt(m, task)
      case 'acknowledge-ledger-change':
        return this.complete(m, task, coordinator, says.notes.acknowledgeLedger)
      case 'acknowledge-rollback':
        return this.complete(m, task, coordinator, says.notes.acknowledgeRollback)
      case 'give-up-database':
        // Nothing is given up in a demonstration.
        return undefined
      case 'record-hardware':
        return this.complete(m, task, owner, says.notes.recordHardware)
      case 'revise-rules':
        return this.complete(m, task, owner, says.notes.reviseRules)
      case 'attest-step':
        // No system of the demonstration is moved by people.
        return undefined
      case 'playbook-task':
        return this.complete(m, task, vendor, says.notes.playbookTask)
    }
  }

  private async complete(m: MigrationView, task: Task, person: Person, note: string): Promise<void> {
    await this.once(m, task.id, says.does(roleName(task.assignee.role), task.title[language]), () =>
      person.complete(m, task.id, note),
    )
  }

  /** The vendor's task, done twice: the owner rejects it once with a reason. */
  private async adapt(m: MigrationView, task: Task): Promise<void> {
    const { vendor, owner } = this.people
    const round = task.rejections.length + 1
    if (task.state === 'open') {
      await this.once(m, `adapt-${round}`, says.adapts(round), () =>
        vendor.complete(m, task.id, says.notes.adapt, {
          name: `adaptation-${round}.md`,
          content: evidenceText(round, m),
        }),
      )
    } else if (task.state === 'completed') {
      await this.once(m, `adapt-sign-${round}`, says.signsAdaptation, () => vendor.signTask(m, task.id))
    } else if (task.state === 'signed' && round === 1) {
      await this.once(m, 'adapt-reject', says.rejectsAdaptation, () =>
        owner.api.call('rejectTask', {
          params: { migration: m.migration, task: task.id },
          body: { reason: says.notes.reject },
        }),
      )
    } else if (task.state === 'signed') {
      await this.once(m, 'adapt-accept', says.acceptsAdaptation, () =>
        owner.api.call('acceptTask', { params: { migration: m.migration, task: task.id } }),
      )
    }
  }

  /** A cutover that was aborted before its commit point is scheduled again, as operations would. */
  private async schedule(m: MigrationView): Promise<void> {
    await this.once(m, `schedule ${this.goes}`, says.schedules, async () => {
      const startsAt = new Date()
      const endsAt = new Date(startsAt.getTime() + 20 * 60_000)
      await this.people.operations.api.call('scheduleCutover', {
        params: { system: m.plan.system },
        body: { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() },
      })
    })
  }

  private async go(m: MigrationView): Promise<void> {
    await this.writers.mark(`before ${switchesOf(m).length === 0 ? 'cutover' : 'recutover'}`)
    await this.people.operations.api.call('decideCutover', {
      params: { system: m.plan.system },
      body: { decision: 'go', reason: says.notes.go },
    })
    this.goes += 1
  }

  private async rollBack(m: MigrationView): Promise<void> {
    const wayBack = m.retention?.wayBack.state
    if (!this.done.has('after cutover') || (wayBack !== 'armed' && wayBack !== 'kept')) return
    await this.once(m, 'roll-back', says.rollsBack, async () => {
      await this.writers.mark('before rollback')
      await this.people.operations.api.call('rollBack', {
        params: { system: m.plan.system },
        body: { reason: says.notes.rollBack },
      })
    })
  }

  private async release(m: MigrationView): Promise<void> {
    if (!this.done.has('after recutover')) return
    await this.once(m, 'release', says.releases, () => this.people.owner.release(m, says.notes.release))
  }

  /** A switch's span ends some seconds after its step, so that all it did to the writers is inside. */
  private async noteSwitches(m: MigrationView): Promise<void> {
    // It is on record as soon as the database is switched; requests and files follow in the same step.
    if (m.step?.id === 'switch-over' || m.step?.id === 'switch-back') return
    for (const name of switchNames.slice(0, switchesOf(m).length)) {
      const overSinceMs = this.overSinceMs.get(name) ?? Date.now()
      this.overSinceMs.set(name, overSinceMs)
      if (Date.now() < overSinceMs + useMs) continue
      await this.once(m, `after ${name}`, undefined, async () => {
        await this.jobs?.look(name)
        await this.writers.mark(`after ${name}`)
      })
    }
  }

  /** A thing is done once in a round; a refusal by the state having moved on meanwhile is seen at the next look. */
  private async once(
    m: MigrationView,
    what: string,
    line: string | undefined,
    act: () => Promise<unknown>,
  ): Promise<void> {
    const key = what.startsWith('after ') ? what : `${m.round} ${what}`
    if (this.done.has(key)) return
    this.done.add(key)
    try {
      await act()
    } catch (error) {
      if (!(error instanceof RefusedError) || !tooEarly.has(error.code)) throw error
      this.done.delete(key)
      return
    }
    if (line !== undefined) this.say(line)
  }
}

const roleName = (role: Role): string => nameOf(language, 'role', role)

const switchesOf = (m: MigrationView): MigrationView['switches'] => m.switches

function evidenceText(round: number, m: MigrationView): string {
  const findings = m.assessment?.findings.map((f) => `- ${f.code}: ${f.places}`).join('\n') ?? ''
  const tests = round > 1 ? `\n\n${says.evidenceOfTests}` : ''
  return `${says.evidence(round, findings)}${tests}\n`
}
