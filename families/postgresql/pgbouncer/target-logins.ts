import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { textOf } from '../../../runner/ssh/file-text.ts'
import type { LoginCheck } from '../entry/entry.ts'
import { place } from '../place.ts'
import { fewAtOnce } from '../server/few-at-once.ts'
import { type Refusal, type TlsMode, loginFrom, refusedBy } from '../server/host-login.ts'
import { sideName } from '../side-name.ts'
import { isMarkHere } from '../server/marked-session.ts'
import { LoginsUntriedError, TargetRoleUnfitError } from '../switchover/errors.ts'
import { authUserUnfit, roleUnfit } from '../switchover/role-unfit.ts'
import type { Console } from './admin.ts'
import { entrySettings } from './databases-file.ts'
import { EntryReachesElsewhereError } from './errors.ts'
import type { Pooler } from './pooler.ts'
import { targetOf } from './target.ts'
import { withTrialEntry } from './trial-entry.ts'

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

/** The logins that are tried, and the pooler they are tried at. */
interface Check extends LoginCheck {
  readonly entry: Pooler
  readonly console: Console
}

const wholeCheckMs = 60_000

/**
 * Tries every login on the side `to` on the path of clients: from the pooler's host, and through the pooler. A role that cannot log in
 * there would make clients hang at the entry instead of failing. The side is closed, so each login is refused: by the fence, if nothing
 * else refuses it.
 * @throws TargetRoleUnfitError; LoginsUntriedError where that takes too long
 */
export async function checkTargetLogins(entry: Pooler, console: Console, sides: LoginCheck): Promise<void> {
  const { port } = sides.to
  const late = sleep(wholeCheckMs, undefined, { ref: false }).then(() => {
    throw new LoginsUntriedError(sideName(port), wholeCheckMs)
  })
  late.catch(() => undefined)
  const unfit = await Promise.race([findUnfit({ ...sides, entry, console }), late])
  if (unfit.length > 0) throw new TargetRoleUnfitError(sideName(port), unfit)
}

async function findUnfit(check: Check): Promise<readonly UnfitRole[]> {
  const { entry, to, state } = check
  const way = await poolerWay(check)
  const { settings } = way
  const password = await to.port.appPassword()
  const logins = to.port.appRoles.map((role) => ({ user: role, password }))
  const forced = settings['user']
  const serverLogins =
    forced === undefined ? logins : [{ user: forced, password: settings['password'] ?? password }]
  const unfit: UnfitRole[] = []
  const refusals = new Map<string, Refusal | undefined>()
  const reasons = await fewAtOnce(
    serverLogins,
    async (login) =>
      (await roleUnfit(to.control, state, login.user)) ??
      (await whyRefused(check, way, login, (refusal) => refusals.set(login.user, refusal))),
  )
  serverLogins.forEach(({ user: role }, n) => {
    const reason = reasons[n]
    if (reason !== undefined) unfit.push({ role, reason })
  })
  if (unfit.length > 0) return unfit
  const clients = entry.login === undefined ? logins : [entry.login]
  return throughPooler(check, { way, clients, refusals })
}

async function poolerWay({ entry, console }: Check): Promise<PoolerWay> {
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
  { entry, to: { port: to }, say }: Check,
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
  check: Check,
  {
    way,
    clients,
    refusals,
  }: {
    readonly way: PoolerWay
    readonly clients: readonly { readonly user: string; readonly password: string }[]
    readonly refusals: ReadonlyMap<string, Refusal | undefined>
  },
): Promise<readonly UnfitRole[]> {
  const { entry, console, to, say } = check
  if (way.hasOwnRules) {
    say('pgbouncer has rules of its own (auth_type = hba): logins through it were not tried')
    return []
  }
  const trial = {
    target: targetOf(to.port),
    settings: way.settings,
    isHere: async (mark: string) => isMarkHere(to.app, mark),
  }
  return withTrialEntry(entry, console, trial, async (login) => {
    const unfit: UnfitRole[] = []
    let door: ReturnType<AuthUserDoor> | undefined
    const authUserDoor: AuthUserDoor = async (user) =>
      (door ??= loginFrom(entry.host, to.port, { user, password: randomUUID(), tls: way.tls }).catch(
        () => 'no-program' as const,
      ))
    // One that gets no answer waits for its bound.
    const answers = await fewAtOnce(clients, async ({ user, password }) => login(user, password))
    for (const [n, { user }] of clients.entries()) {
      const answer = answers[n]
      if (typeof answer === 'object' && 'comesTo' in answer)
        throw new EntryReachesElsewhereError(entry.name, place(to.port), answer.comesTo)
      if (
        answer === undefined ||
        answer === 'in' ||
        isByFence(answer.refused, refusals.get(way.settings['user'] ?? user))
      )
        continue
      const reason = await whyNotThrough(check, {
        way,
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
  { from, to, state, say }: Check,
  {
    way,
    user,
    message,
    authUserDoor,
  }: {
    readonly way: PoolerWay
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
  say(`auth_user "${authUser}" is fit on ${sideName(to.port)}; its login there is fenced until the switch`)
  return undefined
}
