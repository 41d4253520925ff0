import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { MigrationView } from '../../api/contract.ts'
import { loadConfig } from '../../config/config.ts'
import { QianyunError } from '../../domain/errors.ts'
import { onEndRequests } from '../../standalone/end-requests.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import { usage } from '../../standalone/setup/usage.mjs'
import type { StackOptions } from '../../standalone/stack.ts'
import { prepareStack } from '../../standalone/stack.ts'
import { type Lab, openLab } from '../lab.ts'
import { bindSecrets } from '../secrets.ts'
import { labSystems } from '../systems/index.ts'
import type { LabSystem } from '../systems/system.ts'
import { Writers } from '../writers/writers.ts'
import { Chaos } from './chaos.ts'
import type { SwitchName } from './decisions.ts'
import { Decisions, switchNames } from './decisions.ts'
import { DemoFailedError, DemoFlagError, DemoSystemError } from './errors.ts'
import { Jobs } from './jobs.ts'
import { LiveView } from './live-view.ts'
import type { People } from './people.ts'
import { peopleOf } from './people.ts'
import { says } from './sentences.ts'
import type { SwitchFigures } from './summary.ts'
import { summarise, summaryLines } from './summary.ts'

const options = {
  json: { type: 'boolean', default: false },
  writers: { type: 'string', default: '8' },
  'kill-workers': { type: 'string', default: '0' },
  system: { type: 'string', default: 'permit-desk' },
  list: { type: 'boolean', default: false },
  lang: { type: 'string' },
} as const

/** The number a flag was given. Throws DemoFlagError. */
function numberOf(flag: string, found: string, least: number): number {
  const number = Number(found)
  if (/^\d+$/.test(found) && number >= least && number <= 400) return number
  throw new DemoFlagError(flag, found, least)
}

/** The system that a flag was given. @throws DemoSystemError */
function systemOf(found: string): LabSystem {
  const system = labSystems.find(({ name }) => name === found)
  if (system !== undefined) return system
  const known = labSystems.map(({ name }) => name)
  throw new DemoSystemError(found, known)
}

/** The whole life of one system. Gives 0 when it closed and no acknowledged write was lost. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  const clients = numberOf('writers', values.writers, 1)
  const kills = numberOf('kill-workers', values['kill-workers'], 0)
  const system = systemOf(values.system)
  if (values.list) {
    for (const { name, ledger } of labSystems) console.log(`${name}\t${ledger.name}`)
    return 0
  }
  process.umask(0o022)
  const startedAt = Date.now()
  const view = new LiveView(process.stderr)
  const home = join(loadConfig().home, 'demo')
  view.say(says.starting)
  const ports = await portsOfItsOwn()
  const stack = prepareStack({
    home,
    ports,
    lab: true,
    fresh: true,
    say: (line) => view.say(line),
  })
  onEndRequests([() => void stack.stop().finally(() => process.exit(130))])
  await stack.start()
  const lab = await openLab(home)
  const begun = async (): Promise<Writers> => {
    await system.install?.(lab)
    return Writers.start({ home, kind: system.writers, clients, pauseMs: 20, uploadEvery: 10 })
  }
  const writers = await begun().catch(async (error: unknown) => {
    await stack.stop()
    throw error
  })
  const chaos = new Chaos(stack, kills, (line) => view.say(line))
  try {
    const people = peopleOf(home, stack.config.apiUrl)
    view.say(says.watch(stack.config.apiUrl))
    await launch(people, lab, system)
    const jobs = system.hasJobs ? new Jobs(lab, (line) => view.say(line)) : undefined
    const decisions = new Decisions(people, writers, jobs, (line) => view.say(line))
    const closed = await live(people, decisions, system, (m) => {
      view.show(m)
      chaos.look(m)
    })
    const figures = await measure(writers, system)
    const { entries, verified } = await people.auditor.api.call('verifyAudit')
    const summary = summarise(closed, figures, jobs && ((name) => jobs.after(name)), { entries, verified })
    const lines = summaryLines(summary, (Date.now() - startedAt) / 1000)
    process.stderr.write(`${lines.join('\n')}\n`)
    if (values.json) console.log(JSON.stringify(summary))
    const lost = switchNames.reduce((sum, name) => sum + summary[name].lostWrites, 0)
    return summary.closed && lost === 0 && verified ? 0 : 1
  } finally {
    chaos.end()
    await writers.stop()
    await stack.stop()
  }
}

async function launch(people: People, lab: Lab, system: LabSystem): Promise<void> {
  const { api } = people.coordinator
  const plan = system.plan(lab.description)
  bindSecrets(lab.description.home, plan)
  await api.call('importSystems', { body: [system.ledger] })
  await api.call('createPlan', { body: plan })
  await api.call('launchMigration', { body: { plan: plan.plan } })
}

/** Looks at the move again and again until it has closed. */
async function live(
  people: People,
  decisions: Decisions,
  { ledger }: LabSystem,
  look: (m: MigrationView) => void,
): Promise<MigrationView> {
  const params = { system: ledger.system }
  for (;;) {
    const m = await people.coordinator.api.call('showMigration', { params }).catch(notNow)
    if (m !== undefined) {
      look(m)
      if (m.standing === 'closed') return m
      if (m.standing === 'aborted') throw new DemoFailedError(says.aborted(m.standingReason ?? ''))
      await decisions.next(m)
    }
    await sleep(250)
  }
}

/** The move is not there yet, or the product's own database is away for a moment. */
const passing: ReadonlySet<string> = new Set(['not-found', 'storage-unavailable'])

function notNow(error: unknown): undefined {
  if (error instanceof QianyunError && passing.has(error.code)) return undefined
  throw error
}

async function measure(
  writers: Writers,
  { servesAtTheEnd }: LabSystem,
): Promise<Record<SwitchName, SwitchFigures>> {
  const serving = servesAtTheEnd === undefined ? {} : { serving: servesAtTheEnd }
  const figure = async (name: SwitchName): Promise<SwitchFigures> => {
    const found = await writers.verify({ from: `before ${name}`, to: `after ${name}`, ...serving })
    const { writeGapMs, ackedWrites, lostWrites, ambiguousWrites } = found
    return { writeGapMs, ackedWrites, lostWrites, ambiguousWrites }
  }
  return {
    cutover: await figure('cutover'),
    rollback: await figure('rollback'),
    recutover: await figure('recutover'),
  }
}

/** Ports of the demo's own, so that a stack that is up already is left alone. */
async function portsOfItsOwn(): Promise<StackOptions['ports']> {
  const [api = 0, temporal = 0, temporalUi = 0, postgres = 0] = await findFreePorts(4)
  return { api, temporal, temporalUi, postgres }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const usageError =
      error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    console.error(
      error instanceof QianyunError ? error.message : usageError ? `${error.message}\n${usage.demo}` : error,
    )
    process.exitCode = usageError ? 2 : 1
  },
)
