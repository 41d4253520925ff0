import { type EntryFound, nothingFound } from '../facts/entry-facts.ts'
import type { Asked } from '../facts/topics.ts'
import { fewAtOnce } from '../server/few-at-once.ts'
import { loginFrom, refusedBy } from '../server/host-login.ts'
import { clientsOf } from './clients.ts'
import type { DirectWay } from './direct-entry.ts'

/** Looks at who connects to a database itself, and whether the new side lets the hosts of its application in. */
export async function directFacts(asked: Asked, way: DirectWay): Promise<EntryFound> {
  const { strangers } = await clientsOf(asked.client, asked.port, way)
  return {
    ...nothingFound,
    pointsHere: true,
    strangers,
    ...(way.clients !== 'all' && { clients: way.clients }),
    notAdmitted: await notAdmitted(asked, way),
  }
}

/** The database of the new side and its roles need not be there yet. */
async function notAdmitted({ around, port }: Asked, way: DirectWay): Promise<EntryFound['notAdmitted']> {
  const { target } = around
  if (target === undefined) return []
  const password = await port.appPassword()
  const tries = way
    .hostsOf(target.called)
    .flatMap(({ host }) => port.appRoles.map((role) => ({ host, role })))
  const answers = await fewAtOnce(tries, async ({ host, role: user }) =>
    loginFrom(host, target, { user, password, tls: 'preferred' }).catch(() => 'in' as const),
  )
  return tries.flatMap(({ role }, n) => {
    const answer = answers[n]
    return typeof answer === 'object' && refusedBy(answer) === 'host-based'
      ? [{ role, reason: answer.message }]
      : []
  })
}
