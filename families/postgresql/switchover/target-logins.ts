import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { textOf } from '../../../runner/ssh/file-text.ts'
import { entrySettings } from '../pgbouncer/databases-file.ts'
import { withTrialEntry } from '../pgbouncer/trial-entry.ts'
import { fewAtOnce } from '../server/few-at-once.ts'
import type { SideState } from '../server/control.ts'
import { type Refusal, type TlsMode, loginFrom, refusedBy } from '../server/host-login.ts'
import { sideName } from '../side-name.ts'
import { EntryReachesElsewhereError } from '../pgbouncer/errors.ts'
import { isMarkHere } from '../server/marked-session.ts'
import { LoginsUntriedError, TargetRoleUnfitError } from './errors.ts'
import { type Parts, place, targetOf } from './parts.ts'
import type { SwitchPlan } from './plan.ts'
import { authUserUnfit, roleUnfit } from './role-unfit.ts'

export interface UnfitRole {
  readonly role: string
  readonly reason: Said
}

/** How the pooler handles a client of the entry, by its line and its configuration. */
interface PoolerWay {
  readonly settings: Readonly<Record<string, string>>
  readonly tls: TlsMode
  /** The role that looks up passwords in the database (`auth_user`), if there is one. */
  readonly authUser: string | undefined
  readonly authQuery: string
  /** Whether the pooler has rules of its own (HBA), which may refuse clients at an entry that they do not name. */
  readonly hasOwnRules: boolean
}

const wholeCheckMs = 60_000

/**
 * Tries every login on the side `to` on the path of clients: from the pooler's host, and through the pooler. A role that cannot log in
 * there would make clients hang at the entry instead of failing. The side is closed, so each login is refused: by the fence, if nothing
 * else refuses it.
 * @throws TargetRoleUnfitError; LoginsUntriedError where that takes too long
 */
export async function checkTargetLogins(plan: SwitchPlan, parts: Parts, state: SideState): Promise<void> {
  const late = sleep(wholeCheckMs, undefined, { ref: false }).then(() => {
    throw new LoginsUntriedError(sideName(plan.to), wholeCheckMs)
  })
  late.catch(() => undefined)
  const unfit = await Promise.race([findUnfit(plan, parts, state), late])
  if (unfit.length > 0) throw new TargetRoleUnfitError(sideName(plan.to), unfit)
}

async function findUnfit(plan: SwitchPlan, parts: Parts, state: SideState): Promise<readonly UnfitRole[]> {
  const way = await poolerWay(plan, parts)
  const { settings } = way
  const password = await plan.to.appPassword()
  const logins = plan.to.appRoles.map((role) => ({ user: role, password }))
  const forced = settings['user']
  const serverLogins =
    forced === undefined ? logins : [{ user: forced, password: settings['password'] ?? password }]
  const unfit: UnfitRole[] = []
  const refusals = new Map<string, Refusal | undefined>()
  const reasons = await fewAtOnce(
    serverLogins,
    async (login) =>
      (await roleUnfit(parts.to.control, state, login.user)) ??
      (await whyRefused(plan, way, login, (refusal) => refusals.set(login.user, refusal))),
  )
  serverLogins.forEach(({ user: role }, n) => {
    const reason = reasons[n]
    if (reason !== undefined) unfit.push({ role, reason })
  })
  if (unfit.length > 0) return unfit
  const clients = plan.entry.login === undefined ? logins : [plan.entry.login]
  return throughPooler(plan, parts, { way, state, clients, refusals })
}

async function poolerWay({ entry }: SwitchPlan, { console }: Parts): Promise<PoolerWay> {
  const settings = entrySettings(textOf(await entry.host.readFile(entry.file)).text, entry.name) ?? {}
  const config = await console.settings()
  const sslMode = config.get('server_tls_sslmode') ?? ''
  const authUser = settings['auth_user'] ?? config.get('auth_user') ?? ''
  return {
    settings,
    tls: sslMode === 'prefer' ? 'preferred' : /^(require|verify)/.test(sslMode) ? 'required' : 'plain',
    authUser: authUser === '' ? undefined : authUser,
    authQuery: settings['auth_query'] ?? config.get('auth_query') ?? '',
    hasOwnRules: config.get('auth_type') === 'hba',
  }
}

/** Tries logins from the pooler's host, whose address the side's pg_hba.conf sees. */
async function whyRefused(
  { entry, to, say }: SwitchPlan,
  { tls }: PoolerWay,
  login: { readonly user: string; readonly password: string },
  learn: (refusal: Refusal) => void,
): Promise<Said | undefined> {
  const answer = await loginFrom(entry.host, to, { ...login, tls }).catch((error: unknown): Refusal => ({
    code: '08001',
    routine: '',
    message: `cannot be reached from the host of the entry: ${messageOf(error)}`,
  }))
  if (answer === 'in') return undefined
  if (answer === 'no-program') {
    say(
      `the host of the entry has no bash, nc or socat: logins on ${sideName(to)} are tried through the pooler alone`,
    )
    return undefined
  }
  learn(answer)
  switch (refusedBy(answer)) {
    case 'fence':
      return undefined
    case 'host-based':
      return said('role-refused-by-address', { message: answer.message })
    case 'password':
      return said('role-with-other-password')
    case 'other':
      return said('role-refused', { message: answer.message, state: answer.code })
  }
}

/** Tries logins through the pooler, which has passwords and hashes of its own, or an `auth_user` that looks them up on the side. */
async function throughPooler(
  plan: SwitchPlan,
  parts: Parts,
  {
    way,
    state,
    clients,
    refusals,
  }: {
    readonly way: PoolerWay
    readonly state: SideState
    readonly clients: readonly { readonly user: string; readonly password: string }[]
    readonly refusals: ReadonlyMap<string, Refusal | undefined>
  },
): Promise<readonly UnfitRole[]> {
  if (way.hasOwnRules) {
    plan.say('pgbouncer has rules of its own (auth_type = hba): logins through it were not tried')
    return []
  }
  const trial = {
    target: targetOf(plan.to),
    settings: way.settings,
    isHere: async (mark: string) => isMarkHere(parts.to.app, mark),
  }
  return withTrialEntry(plan.entry, parts.console, trial, async (login) => {
    const unfit: UnfitRole[] = []
    let door: ReturnType<AuthUserDoor> | undefined
    const authUserDoor: AuthUserDoor = async (user) =>
      (door ??= loginFrom(plan.entry.host, plan.to, { user, password: randomUUID(), tls: way.tls }).catch(
        () => 'no-program' as const,
      ))
    // One that gets no answer waits for its bound.
    const answers = await fewAtOnce(clients, async ({ user, password }) => login(user, password))
    for (const [n, { user }] of clients.entries()) {
      const answer = answers[n]
      if (typeof answer === 'object' && 'comesTo' in answer)
        throw new EntryReachesElsewhereError(plan.entry.name, place(plan.to), answer.comesTo)
      if (
        answer === undefined ||
        answer === 'in' ||
        isByFence(answer.refused, refusals.get(way.settings['user'] ?? user))
      )
        continue
      const reason = await whyNotThrough(plan, parts, {
        way,
        state,
        user,
        message: answer.refused,
        authUserDoor,
      })
      if (reason !== undefined) unfit.push({ role: user, reason })
    }
    return unfit
  })
}

/**
 * The pooler passes on the server's message; the message of the fence is known from the direct login. Between the two the fence may have come to
 * answer in other words: a role of two databases may log in again as soon as the other one is opened, and may not connect to this one.
 */
export function isByFence(message: string | undefined, direct: Refusal | undefined): boolean {
  if (message === undefined) return false
  if (direct !== undefined && message.includes(direct.message)) return true
  const mayBeFence = direct === undefined || refusedBy(direct) === 'fence'
  return (
    mayBeFence &&
    /permission denied for database|is not permitted to log in|权限不够|不允许.*登录|不允许/.test(message)
  )
}

/** Tries the `auth_user` at the door of the side, once for all clients. */
type AuthUserDoor = (authUser: string) => ReturnType<typeof loginFrom>

async function whyNotThrough(
  plan: SwitchPlan,
  { from, to }: Parts,
  {
    way,
    state,
    user,
    message,
    authUserDoor,
  }: {
    readonly way: PoolerWay
    readonly state: SideState
    readonly user: string
    readonly message: string | undefined
    readonly authUserDoor: AuthUserDoor
  },
): Promise<Said | undefined> {
  if (message?.includes('wrong password type') === true) return said('role-of-other-hash')
  const { authUser, authQuery } = way
  if (authUser === undefined)
    return message === undefined
      ? said('role-unanswered-by-pooler')
      : said('role-refused-by-pooler', { message })
  const reason = await authUserUnfit(from.app, to.app, state, { authUser, authQuery, role: user })
  if (reason !== undefined) return said('role-looked-up-in-vain', { authUser, reason })
  const answer = await authUserDoor(authUser)
  if (typeof answer === 'object' && refusedBy(answer) === 'host-based')
    return said('role-looked-up-in-vain', {
      authUser,
      reason: said('role-refused-by-address', { message: answer.message }),
    })
  plan.say(
    `auth_user "${authUser}" is fit on ${sideName(plan.to)}; its login there is fenced until the switch`,
  )
  return undefined
}
