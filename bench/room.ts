import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseHome } from '../config/home.mjs'
import { MigrationPlan } from '../domain/plan.ts'
import type { RunRequest } from '../domain/playbook-run.ts'
import type { StepResult } from '../runner/steps/kind.ts'
import { type Lab, removeLab, startLab } from '../lab/lab.ts'
import { permitDeskPlan } from '../lab/plan.ts'
import { type Runner, createRunner } from '../runner/playbook-run.ts'
import { readPlaybook } from '../runner/playbook/load.ts'
import { MemoryJournal } from './memory-journal.ts'

const repository = join(import.meta.dirname, '..')
const folders = {
  'bench-switch': join(import.meta.dirname, 'playbooks'),
  'postgresql-replicate': join(repository, 'playbooks'),
} as const
type Playbook = keyof typeof folders

/** A lab of the benchmark's own, with the engine's runner on it. */
export class Room {
  private runs = 0

  private constructor(
    readonly home: string,
    readonly lab: Lab,
    private readonly plan: MigrationPlan,
    private readonly runners: Readonly<Record<Playbook, Runner>>,
    private readonly digests: Readonly<Record<Playbook, string>>,
  ) {}

  /** Brings the lab up anew: a benchmark begins with an empty database. */
  static async open(): Promise<Room> {
    const home = join(chooseHome().path, 'bench')
    await removeLab(home).catch(() => undefined)
    await mkdir(home, { recursive: true, mode: 0o755 })
    const lab = await startLab({ home })
    const digests = {
      'bench-switch': (await readPlaybook(folders['bench-switch'], 'bench-switch')).digest,
      'postgresql-replicate': (await readPlaybook(folders['postgresql-replicate'], 'postgresql-replicate'))
        .digest,
    }
    const runnerOf = (name: Playbook) =>
      createRunner({
        secrets: { read: async (secret) => lab.secret(secret) },
        journal: new MemoryJournal(),
        playbooksDirectory: folders[name],
      })
    return new Room(
      home,
      lab,
      benchPlan(lab),
      { 'bench-switch': runnerOf('bench-switch'), 'postgresql-replicate': runnerOf('postgresql-replicate') },
      digests,
    )
  }

  /** Runs a playbook between two sides; gives its steps' results. */
  async run(
    name: Playbook,
    sides: { from: 'source' | 'target'; to: 'source' | 'target' },
    say: (line: string) => void = () => undefined,
  ): Promise<readonly StepResult[]> {
    this.runs += 1
    const { hosts } = this.lab.description
    const request: RunRequest = {
      runId: `bench/${String(this.runs)}`,
      migration: 'bench',
      system: this.plan.system,
      playbook: { name, digest: this.digests[name] },
      plan: this.plan,
      hosts: sides,
      databases: sides,
      hostKeys: {
        source: hosts.old.hostKeyFingerprint,
        staging: hosts.staging.hostKeyFingerprint,
        target: hosts.cloud.hostKeyFingerprint,
        entry: hosts.entry.hostKeyFingerprint,
      },
      inputs: this.plan.inputs,
      skip: [],
      confirmed: [],
    }
    const runner = this.runners[name]
    const { playbook } = await runner.lint({ name })
    const steps = playbook?.steps.map(({ id }) => id) ?? []
    const outcome = await runner.runSteps(request, steps, {
      onProgress: ({ line }) => {
        if (line !== undefined) say(line)
      },
    })
    if (outcome.failure !== undefined)
      throw new Error(`step "${outcome.failure.step}": ${outcome.failure.message}`)
    return outcome.done.map(({ result }) => result)
  }

  async close(keep: boolean): Promise<void> {
    await Promise.all(Object.values(this.runners).map(async (runner) => runner.close()))
    if (!keep) await removeLab(this.home)
  }
}

function benchPlan(lab: Lab): MigrationPlan {
  const input = permitDeskPlan(lab.description)
  const none = '0'.repeat(64)
  const playbooks = Object.fromEntries(
    Object.entries(input.playbooks).map(([purpose, name]) => [purpose, { name, digest: none }]),
  )
  return MigrationPlan.parse({
    ...input,
    playbooks,
    waivers: { ...input.waivers, 'public.pgbench_history': 'A log of the benchmark, only ever added to.' },
  })
}
