import { migrationMessages as m } from '../messages/migration.ts'
import type { Session } from '../identity/session.ts'
import { formatDuration } from '../../domain/duration.ts'
import { formatInstant } from '../../domain/wall-clock.js'

/** Instants of one move, in its zone and seen from now. */
export class Moments {
  constructor(
    private readonly session: Session,
    readonly timeZone: string,
    readonly nowMs: number = Date.now(),
  ) {}

  at(instantMs: number): string {
    return formatInstant(instantMs, this.timeZone)
  }

  since(instantMs: number): string {
    return this.session.say(m.sinceLine, {
      at: this.at(instantMs),
      duration: this.length(this.nowMs - instantMs),
    })
  }

  until(instantMs: number): string {
    const leftMs = instantMs - this.nowMs
    return this.session.say(leftMs >= 0 ? m.untilLine : m.untilPassed, {
      at: this.at(instantMs),
      duration: this.length(Math.abs(leftMs)),
    })
  }

  /** A length that something needed: up to the next second, so that nothing looks shorter than it was. */
  needed(durationMs: number): string {
    return this.length(durationMs < 1000 ? durationMs : Math.ceil(durationMs / 1000) * 1000)
  }

  length(durationMs: number): string {
    return formatDuration(durationMs, this.session.language)
  }
}
