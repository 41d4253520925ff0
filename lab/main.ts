import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseHome } from '../config/home.mjs'
import { QianyunError } from '../domain/errors.ts'
import type { LabDescription } from './description.ts'
import { removeLab, startLab, stopLab } from './lab.ts'
import { findStarter } from './loopback/starter.ts'
import { loopbackStatus } from './loopback/provider.ts'
import { permitDeskPlan, permitDeskSystem } from './plan.ts'
import { bindSecrets } from './secrets.ts'

const usage = `usage: tsx lab/main.ts up|down|status|remove [--home <folder>]
  up      brings the lab up and stays; ends it when told to
  down    ends what a lab runs, also one whose starter was killed
  status  which hosts run, and who runs them
  remove  ends it and removes all its data`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { home: { type: 'string' } } })
  const home = resolve(values.home ?? chooseHome().path)
  switch (positionals[0]) {
    case 'up':
      return up(home)
    case 'down':
      return down(home)
    case 'status': {
      print(await loopbackStatus(home))
      return
    }
    case 'remove':
      await down(home)
      return removeLab(home)
    default:
      console.error(usage)
      process.exitCode = 2
  }
}

/** Stays until it is told to end, and then takes the lab with it. */
async function up(home: string): Promise<void> {
  // However often it is told: a second signal must not leave half of the hosts running.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  const startedAt = Date.now()
  const lab = await startLab({ home })
  const { hosts, entry } = lab.description
  await writePermitDeskFiles(lab.description)
  print({
    ready: true,
    tookMs: Date.now() - startedAt,
    home: lab.description.home,
    httpUrl: entry.httpUrl,
    hosts,
  })
  const alive = setInterval(() => undefined, 60_000)
  await ended
  clearInterval(alive)
  await lab.stop()
}

/** The permit desk's ledger line and plan, as a coordination team hands them in, and what the lab's secrets are for. */
async function writePermitDeskFiles(lab: LabDescription): Promise<void> {
  const write = async (name: string, value: unknown): Promise<void> =>
    writeFile(join(lab.home, 'lab', name), `${JSON.stringify(value, null, 2)}\n`)
  await write('system.json', [permitDeskSystem])
  const plan = permitDeskPlan(lab)
  await write('plan.json', plan)
  bindSecrets(lab.home, plan)
}

/** Ends a lab together with the `up` that runs it, or what such a one left behind. */
async function down(home: string): Promise<void> {
  const starter = await findStarter(home)
  if (starter !== undefined) process.kill(starter.pid, 'SIGTERM')
  while ((await findStarter(home)) !== undefined) await sleep(50)
  await stopLab(home)
  print({ down: true, home })
}

function print(value: unknown): void {
  console.log(JSON.stringify(value))
}

main().catch((error: unknown) => {
  console.error(error instanceof QianyunError ? error.message : error)
  process.exitCode = 1
})
