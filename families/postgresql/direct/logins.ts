import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import type { LoginCheck } from '../entry/entry.ts'
import { fewAtOnce } from '../server/few-at-once.ts'
import { type Refusal, loginFrom, refusedBy } from '../server/host-login.ts'
import { sideName } from '../side-name.ts'
import { LoginsUntriedError, TargetRoleUnfitError } from '../switchover/errors.ts'
import { roleUnfit } from '../switchover/role-unfit.ts'
import type { ClientHost, DirectWay } from './direct-entry.ts'

const wholeCheckMs = 60_000

/**
 * Tries every login on the side `to` from each host of its application, whose address pg_hba.conf sees. The side is closed, so each login
 * is refused: by the fence, if nothing else refuses it.
 * @throws TargetRoleUnfitError; LoginsUntriedError where that takes too long
 */
export async function checkDirectLogins({ hostsOf }: DirectWay, sides: LoginCheck): Promise<void> {
  const { port } = sides.to
  const late = sleep(wholeCheckMs, undefined, { ref: false }).then(() => {
    throw new LoginsUntriedError(sideName(port), wholeCheckMs)
  })
  late.catch(() => undefined)
  const hosts = hostsOf(port.called)
  const reasons = await Promise.race([
    fewAtOnce(port.appRoles, async (role) => ({ role, reason: await whyUnfit(sides, hosts, role) })),
    late,
  ])
  const unfit = reasons.flatMap(({ role, reason }) => (reason === undefined ? [] : [{ role, reason }]))
  if (unfit.length > 0) throw new TargetRoleUnfitError(sideName(port), unfit)
}

async function whyUnfit(
  { to, state, say }: LoginCheck,
  hosts: readonly ClientHost[],
  user: string,
): Promise<Said | undefined> {
  const reason = await roleUnfit(to.control, state, user)
  if (reason !== undefined) return reason
  const password = await to.port.appPassword()
  for (const { name, host } of hosts) {
    const answer = await loginFrom(host, to.port, { user, password, tls: 'preferred' }).catch(
      (error: unknown): Refusal => ({
        code: '08001',
        routine: '',
        message: `cannot be reached from the host "${name}" of the application: ${messageOf(error)}`,
      }),
    )
    if (answer === 'no-program')
      say(`host "${name}" has no bash, nc or socat: logins on ${sideName(to.port)} were not tried from there`)
    const refusal = typeof answer === 'string' ? undefined : whyRefused(answer)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function whyRefused(refusal: Refusal): Said | undefined {
  switch (refusedBy(refusal)) {
    case 'fence':
      return undefined
    case 'host-based':
      return said('role-refused-by-address', { message: refusal.message })
    case 'password':
      return said('role-with-other-password')
    case 'other':
      return said('role-refused', { message: refusal.message, state: refusal.code })
  }
}
