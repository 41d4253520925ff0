import { Context } from '@temporalio/activity'
import { saidBy } from '../domain/errors.ts'
import type { MoveBeforeSwitch } from '../domain/move/watched-move.ts'
import { sameReasons } from '../domain/move/way-back.ts'
import { datasetsOf } from '../domain/plan/places.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'
import { type TellsMoves, tellMove } from '../moves/tell-move.ts'
import type { WayBackWatchers } from './way-back-watchers.ts'

/** What an aborted switch left stopped is set going again within this. */
const everyMs = { lab: 2_000, production: 10_000 } as const

/** A finding has to be seen twice before it is told, except a link that nothing repairs. */
const looksBeforeTelling = 2

/** Looks after what keeps new sides current until their switch, beside everything else, and tells each move what is wrong. */
export class ForwardWatch {
  private readonly nextAtMs = new Map<string, number>()
  private readonly pending = new Map<string, { readonly reasons: readonly Said[]; readonly times: number }>()
  private underWay: Promise<void> | undefined

  constructor(
    private readonly deps: TellsMoves,
    private readonly watchers: WayBackWatchers,
  ) {}

  /** Begins a look, unless one is under way. */
  look(movesNow: () => Promise<readonly MoveBeforeSwitch[]>): void {
    if (this.underWay !== undefined) return
    this.underWay = this.lookAtAll(movesNow)
      .catch((error: unknown) => {
        Context.current().log.warn('replication before the switch could not be looked at', { error })
      })
      .finally(() => {
        this.underWay = undefined
      })
  }

  /** Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    await this.underWay
  }

  private async lookAtAll(movesNow: () => Promise<readonly MoveBeforeSwitch[]>): Promise<void> {
    const due = (await movesNow()).filter(
      ({ migration }) => (this.nextAtMs.get(migration) ?? 0) <= Date.now(),
    )
    await Promise.all(due.map(async (move) => this.lookAt(move)))
  }

  private async lookAt(move: MoveBeforeSwitch): Promise<void> {
    this.nextAtMs.set(move.migration, Date.now() + everyMs[move.plan.policy.profile])
    const datasets = datasetsOf(move.plan)
    const found = await Promise.all(
      datasets.map(async ({ name, family }) => {
        const look = this.watchers.get(family)?.lookAfterForward?.(move, name)
        const reasons =
          (await look?.catch((error: unknown) => [
            said('forward-not-looked-at', { because: saidBy(error) }),
          ])) ?? []
        return datasets.length === 1
          ? reasons
          : reasons.map(({ code, values }) => ({ code, values: { dataset: name, ...values } }))
      }),
    )
    const reasons = found.flat()
    if (this.isNews(move, reasons)) await this.tell(move, reasons)
  }

  private isNews({ migration, forward }: MoveBeforeSwitch, reasons: readonly Said[]): boolean {
    if (sameReasons(forward?.reasons ?? [], reasons)) {
      this.pending.delete(migration)
      return false
    }
    const before = this.pending.get(migration)
    const times = before !== undefined && sameReasons(before.reasons, reasons) ? before.times + 1 : 1
    this.pending.set(migration, { reasons, times })
    return times >= looksBeforeTelling || reasons.some(({ code }) => code === 'forward-lost')
  }

  private async tell(move: MoveBeforeSwitch, reasons: readonly Said[]): Promise<void> {
    this.pending.delete(move.migration)
    try {
      await tellMove(this.deps, move, { name: 'report-forward', data: { reasons } })
    } catch (error) {
      // A move that has left its cutover refuses it; when Temporal is away, the next look reports it.
      Context.current().log.warn('a finding about replication before the switch was not taken', {
        migration: move.migration,
        what: reasons.map(({ code }) => code).join('+'),
        error,
      })
    }
  }
}
