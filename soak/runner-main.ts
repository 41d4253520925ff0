import { switchOver } from '../families/postgresql/switchover/switch-over.ts'
import { switchPlan } from '../test/support/postgres-pair.ts'
import { side } from './place.ts'
import type { RunnerOrder } from './runner.ts'

/** A runner of a process of its own, so that it can be killed. Says each part of the critical section as it begins. */
const { from, to, entry, bounds } = JSON.parse(process.argv[2] ?? '{}') as RunnerOrder
try {
  await switchOver(
    switchPlan({ entry }, side(from.role, from.port, from.database), side(to.role, to.port, to.database), {
      ...bounds,
      onPart: (part) => {
        process.stdout.write(`${part}\n`)
      },
    }),
  )
} catch (error) {
  process.stderr.write(`${error instanceof Error && 'code' in error ? String(error.code) : String(error)}\n`)
  process.exitCode = 1
}
