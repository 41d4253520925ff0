import type { MigrationEvent } from '../../api/contract.ts'
import type { ApiClient } from './api-client.ts'

/** The events of one move, read on from the last one seen. */
export class EventLog {
  constructor(
    private readonly api: ApiClient,
    private readonly migration: string,
    public last: number,
  ) {}

  async more(): Promise<MigrationEvent[]> {
    const found: MigrationEvent[] = []
    for (;;) {
      const page = await this.api.call('listEvents', {
        params: { system: this.migration },
        query: { after: this.last },
      })
      found.push(...page.events)
      this.last = page.events.at(-1)?.sequence ?? this.last
      if (!page.more) return found
    }
  }
}
