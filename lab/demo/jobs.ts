import type { Lab } from '../lab.ts'
import { runOn } from '../ssh.ts'
import type { SwitchName } from './decisions.ts'
import { says } from './sentences.ts'

/** On which side the daily summary is due: read from the crontabs of both hosts. */
export type JobsRunOn = 'new' | 'old' | 'both' | 'neither'

/** Looks at the crontabs of both sides after each switch. */
export class Jobs {
  private readonly found = new Map<SwitchName, JobsRunOn>()

  constructor(
    private readonly lab: Lab,
    private readonly say: (line: string) => void,
  ) {}

  async look(after: SwitchName): Promise<void> {
    const [old, cloud] = await Promise.all([this.isOn('old'), this.isOn('cloud')])
    const on = old && cloud ? 'both' : old ? 'old' : cloud ? 'new' : 'neither'
    this.found.set(after, on)
    this.say(says.jobsDue(after, on))
  }

  after(name: SwitchName): JobsRunOn {
    return this.found.get(name) ?? 'neither'
  }

  private async isOn(host: 'old' | 'cloud'): Promise<boolean> {
    const { stdout } = await runOn(this.lab, host, 'crontab -l 2>/dev/null')
    return /^\*.*\/bin\/daily-summary /m.test(stdout)
  }
}
