import { implementation as syncFiles } from '../../families/files/steps/sync-files/index.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import type { HostPort } from '../../runner/steps/kind.ts'
import { runStep } from './run-step.ts'
import { stepContext } from './step-context.ts'

interface Place {
  readonly address: string
  readonly port: number
  readonly user: string
  readonly hostKey: string
  readonly privateKey: string
  readonly path: string
}

/** What a synchronising runner that is to be killed is told, as its one argument. */
export interface SyncDeath {
  readonly from: Place
  readonly to: Place
  /** Killed once it has started so many processes on hosts. */
  readonly atProcess: number
}

const death = JSON.parse(process.argv[2] ?? '{}') as SyncDeath
const pool = new HostPool()
let started = 0

function host(name: 'from' | 'to'): HostPort {
  const { privateKey, path: _, ...place } = death[name]
  const real = pool.host({ name, ...place, serviceDir: undefined, privateKey: async () => privateKey })
  return {
    name,
    address: real.address,
    run: async (script, options) => real.run(script, options),
    readFile: async (path) => real.readFile(path),
    start: async (script) => {
      const process_ = await real.start(script)
      started += 1
      if (started === death.atProcess) process.kill(process.pid, 'SIGKILL')
      return process_
    },
  }
}

await runStep(
  syncFiles,
  {
    from: { host: 'from', path: death.from.path },
    to: { host: 'to', path: death.to.path },
    checksum: true,
    delete: true,
  },
  stepContext([host('from'), host('to')]),
)
