import { setTimeout as sleep } from 'node:timers/promises'
import { Dice } from './dice.ts'
import type { Attack } from './hostile/attack.ts'
import { hostileDatabases, hostileHosts } from './hostile/hostile-servers.ts'
import { fuzzApart } from './hostile/languages-apart.ts'
import { otherWorkflows } from './hostile/other-workflows.ts'
import { printedSecrets } from './hostile/printed-secrets.ts'
import * as requests from './hostile/requests.ts'
import { openRoom, type HostileServers } from './hostile/room.ts'
import { secretsOfOthers } from './hostile/secrets.ts'
import { madeUpCommands } from './hostile/temporal-callers.ts'

export interface HostileSoak {
  readonly seed: number
  /** Ends the rounds; one is always made. */
  readonly untilMs: number
  /** How many mangled expressions, playbooks and ledger files are read in each round. */
  readonly texts: number
  /** The kinds that are tried, by name; default: all. */
  readonly only?: readonly string[]
  readonly servers: HostileServers
  /** Ends it after the attack under way, with the result of those made. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** `succeeded` is to be 0. */
export interface HostileSoakResult {
  readonly soak: 'hostile'
  readonly attacks: number
  readonly succeeded: number
}

const longestMs = 90_000

/** How often each kind is tried in a round. */
export const kinds = [
  ['plans of others’ systems', 20, requests.plansOfOthers],
  ['plans of bad values', 150, requests.plansOfBadValues],
  ['requests of strangers', 150, requests.strangersAsk],
  ['broken texts', 80, requests.brokenTexts],
  ['ledger files', 40, requests.ledgers],
  ['log-ins', 30, requests.logIns],
  ['streams', 4, requests.streams],
  ['request keys', 6, requests.requestKeys],
  ['floods of lint', 1, requests.lintFloods],
  ['made-up commands', 25, madeUpCommands],
  ['workflows of others', 25, otherWorkflows],
  ['secrets of others', 200, secretsOfOthers()],
  ['secrets that hosts print', 3, printedSecrets()],
  ['hostile databases and poolers', 60, hostileDatabases()],
  ['hostile hosts', 15, hostileHosts()],
] as const satisfies readonly (readonly [name: string, times: number, attack: Attack])[]

/** Attacks a product of its own, with a move in it, as the users of others, a vendor and a local caller of Temporal would. */
export async function soakHostile(given: HostileSoak): Promise<HostileSoakResult> {
  const { seed, texts, servers, signal, untilMs, only, say } = given
  say(`seed ${String(seed)}`)
  const dice = new Dice(seed)
  let attacks = 0
  let succeeded = 0
  const room = await openRoom(servers)
  const count = (name: string, tried: Awaited<ReturnType<Attack>>): void => {
    attacks += tried.attacks
    succeeded += tried.succeeded.length
    for (const line of tried.succeeded) say(`${name}: ${line}`)
  }
  try {
    for (let round = 1; ; round += 1) {
      for (const [name, times, attack] of kinds.filter(([kind]) => only?.includes(kind) ?? true))
        for (let done = 0; done < times && !signal.aborted; done += 1)
          count(name, await inTime(attack(room, dice)))
      if (!signal.aborted) count('mangled texts', await fuzzApart(dice.between(1, 1e6), texts))
      count('a move that stands', await stands(room))
      say(`round ${String(round)}: ${String(attacks)} attacks, ${String(succeeded)} succeeded`)
      if (signal.aborted || Date.now() >= untilMs) return { soak: 'hostile', attacks, succeeded }
    }
  } finally {
    await room.close()
  }
}

/** An attack that nobody answers has succeeded. */
export async function inTime(attack: ReturnType<Attack>, withinMs = longestMs): ReturnType<Attack> {
  const waiting = new AbortController()
  const late = sleep(withinMs, { attacks: 1, succeeded: ['there was no answer'] }, waiting)
  try {
    return await Promise.race([attack, late])
  } finally {
    waiting.abort()
    late.catch(() => undefined)
  }
}

/** After all of it the product answers, its chain holds, and the move is where it was. */
export async function stands({ api, subject }: Awaited<ReturnType<typeof openRoom>>): ReturnType<Attack> {
  const { standing } = await api.call('showMigration', { as: 'owner', params: { system: subject.system } })
  const { verified } = await api.call('verifyAudit', { as: 'auditor' })
  return {
    attacks: 0,
    succeeded: [
      ...(standing === 'moving' ? [] : [`it is ${standing}`]),
      ...(verified ? [] : ['the audit log does not hold together']),
    ],
  }
}
