import type { Waivers } from '../../domain/plan/waiving.ts'
import { findingsBeforeSwitch } from './census/findings.ts'
import { obstaclesIn } from './census/judge.ts'
import type { DatabasePort } from './database.ts'
import { disconnectSides, connectSideWithin } from './server/connections.ts'

const lookEveryMs = 60_000
const answersWithinMs = 5_000

/** Knows what a rollback would be refused for, from looks of its own, a minute apart: they delay no other look. */
export class ReturnWatch {
  private objects: readonly string[] = []
  private nextAtMs = 0
  private looking: Promise<void> | undefined

  constructor(
    private readonly serving: DatabasePort,
    private readonly following: DatabasePort,
  ) {}

  /** `rule object` of each obstacle that was found last. */
  obstacles(waivers: Waivers): readonly string[] {
    if (this.looking === undefined && Date.now() >= this.nextAtMs) {
      this.nextAtMs = Date.now() + lookEveryMs
      this.looking = this.look(waivers)
        // A side that does not answer is a finding of its own.
        .catch(() => undefined)
        .finally(() => {
          this.looking = undefined
        })
    }
    return this.objects
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    await this.looking
  }

  private async look(waivers: Waivers): Promise<void> {
    const opening = [this.serving, this.following].map(async (port) =>
      connectSideWithin(port, 'way-back', answersWithinMs),
    )
    const [from, to] = await Promise.allSettled(opening)
    try {
      if (from?.status !== 'fulfilled' || to?.status !== 'fulfilled') return
      for (const { app } of [from.value, to.value]) await app.query(`set statement_timeout = '20s'`)
      const { findings } = await findingsBeforeSwitch(from.value, to.value, { waivers, goesBack: true })
      const obstacles = obstaclesIn(findings, { goesBack: true })
      // What both sides have is one obstacle.
      this.objects = [
        ...new Set(obstacles.map(({ code, subject, waiverName = subject }) => `${code} ${waiverName}`)),
      ]
    } finally {
      for (const one of [from, to]) if (one?.status === 'fulfilled') await disconnectSides(one.value)
    }
  }
}
