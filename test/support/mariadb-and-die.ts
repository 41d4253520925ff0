import { follow } from '../../families/mysql/replicate/follow.ts'
import { Session } from '../../families/mysql/server/session.ts'
import { switchOver } from '../../families/mysql/switch/switch-over.ts'
import { mariadbSwitchPlan, sideAt } from './mariadb-pair.ts'

/** What a runner that is to be killed is told, as its one argument. */
export type MariadbDeath = { readonly from: number; readonly to: number } & (
  { readonly copiesUntil: string } | { readonly switchesUntil: string; readonly deadlineMs?: number }
)

const death = JSON.parse(process.argv[2] ?? '{}') as MariadbDeath
const [from, to] = [sideAt('source', death.from), sideAt('target', death.to)]
const die = (): void => void process.kill(process.pid, 'SIGKILL')

if ('copiesUntil' in death) {
  const text = death.copiesUntil
  const { prototype } = Session
  const run = Object.getOwnPropertyDescriptor(prototype, 'run')?.value as Session['run']
  prototype.run = async function (this: Session, sql) {
    if (sql.includes(text)) die()
    return run.call(this, sql)
  }
  const signal = new AbortController().signal
  await follow({ from, to, as: 'copy', waivers: [], signal, say: () => undefined })
} else {
  const { switchesUntil: part, deadlineMs = 10_000 } = death
  await switchOver(
    mariadbSwitchPlan(from, to, {
      deadlineMs,
      onPart: (begins) => {
        if (begins === part) die()
      },
    }),
  )
}
process.exit(0)
