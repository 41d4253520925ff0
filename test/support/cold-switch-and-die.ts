import type { CommandsPlace } from '../../families/commands/declaration.ts'
import { CommandsSide } from '../../families/commands/side.ts'
import { coldSwitch } from '../../families/commands/switch/cold-switch.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import type { HostPort } from '../../runner/steps/kind.ts'
import type { SshLogin } from './ssh-login.ts'

/** What a switching runner that is to be killed is told, as its one argument. */
export interface ColdSwitchDeath {
  readonly login: SshLogin
  readonly from: CommandsPlace
  readonly to: CommandsPlace
  /** Killed right before it does this many things on hosts. */
  readonly atCall: number
  readonly silentAfterMs: number
}

const death = JSON.parse(process.argv[2] ?? '{}') as ColdSwitchDeath
const pool = new HostPool()
let calls = 0

function count(): void {
  calls += 1
  if (calls === death.atCall) process.kill(process.pid, 'SIGKILL')
}

function host(name: string): HostPort {
  const { privateKey, ...place } = death.login
  const real = pool.host({ name, ...place, serviceDir: undefined, privateKey: async () => privateKey })
  return {
    name,
    address: real.address,
    run: async (script, options) => {
      count()
      return real.run(script, options)
    },
    readFile: async (path) => real.readFile(path),
    start: async (script) => {
      count()
      return real.start(script)
    },
  }
}

await coldSwitch({
  from: new CommandsSide('source', death.from, host('old')),
  to: new CommandsSide('target', death.to, host('new')),
  deadlineMs: 30_000,
  stopTimeoutMs: 10_000,
  startTimeoutMs: 10_000,
  silentAfterMs: death.silentAfterMs,
  signal: new AbortController().signal,
  say: () => undefined,
})
// More calls than there are: nobody was killed.
process.exit(0)
