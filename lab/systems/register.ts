import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { System } from '../../domain/ledger/system.ts'
import type { Place, PlanInputV2 } from '../../domain/plan/plan.ts'
import { quote } from '../../runner/ssh/quote.ts'
import type { DatabaseSide, LabDescription } from '../description.ts'
import type { Lab } from '../lab.ts'
import { here, host, httpEndpoint, organisations, policy } from '../plan.ts'
import { runOn } from '../ssh.ts'
import type { LabSystem } from './system.ts'

const service = 'register'

const ledger: System = {
  system: service,
  name: '来访登记簿',
  department: 'permit-bureau',
  vendor: 'permit-soft',
  network: 'extranet-administrative',
  mlpsLevel: 2,
  classified: false,
  description: 'The visitors register of the lab: HTTP, and a file of its own that no family knows.',
}

/** Where it lies on the old host; on every other one at the same place below that host's own folder. */
function placesOf({ permitDesk }: LabDescription) {
  return {
    codeDir: join(dirname(permitDesk.codeDir), service),
    configFile: join(dirname(permitDesk.configFile), 'register.conf'),
    dataDir: join(dirname(dirname(permitDesk.uploadDir)), service),
  }
}

/** One side, as the commands in the folder of its playbook find it. */
function place(lab: LabDescription, side: DatabaseSide): Place {
  const { address, serviceDir } = lab.hosts[side]
  const folder = here(lab, side, placesOf(lab).dataDir)
  return {
    host: side,
    paths: [folder],
    values: {
      SERVICE: join(serviceDir, service),
      DATA: join(folder, 'entries.jsonl'),
      HEALTH: `http://${address}:${String(lab.permitDesk.port)}/health`,
    },
  }
}

/** The plan that moves the register by commands, with nobody served while they run. */
function plan(lab: LabDescription): PlanInputV2 {
  const { codeDir, configFile } = placesOf(lab)
  const site = (side: DatabaseSide) => ({
    host: side,
    url: `http://${lab.hosts[side].address}:${String(lab.permitDesk.port)}`,
    directory: here(lab, side, codeDir),
    configFile: here(lab, side, configFile),
    service,
  })
  const rules = policy()
  return {
    version: 2,
    plan: 'register-plan',
    system: ledger.system,
    hosts: {
      old: { ...host(lab, 'old', 'source'), hostKey: lab.hosts.old.hostKeyFingerprint },
      staging: host(lab, 'staging', 'staging'),
      cloud: host(lab, 'cloud', 'target'),
      entry: { ...host(lab, 'entry', 'entry'), hostKey: lab.hosts.entry.hostKeyFingerprint },
    },
    datasets: {
      entries: {
        family: 'commands',
        source: place(lab, 'old'),
        staging: place(lab, 'staging'),
        target: place(lab, 'cloud'),
      },
    },
    endpoints: {
      entries: { kind: 'none', fronts: 'entries', clients: [] },
      http: httpEndpoint(lab.entry, service),
    },
    applications: {
      register: {
        healthPath: '/health',
        writeProbe: {
          path: '/entries',
          body: JSON.stringify({ key: '{unique}', text: '割接验证' }),
          readPath: '/entries?key={unique}',
        },
        sites: { source: [site('old')], staging: [site('staging')], target: [site('cloud')] },
      },
    },
    playbooks: {
      deploy: 'register-deploy',
      copy: 'commands-copy',
      rehearse: 'commands-rehearsal',
      replicate: 'commands-replicate',
      cutover: 'system-cutover',
      afterCutover: 'system-after-cutover',
      rollback: 'system-rollback',
      close: 'system-close',
    },
    organisations,
    // How long nobody may be served is agreed with its owner: it is stopped for the whole copy.
    policy: { ...rules, gates: { ...rules.gates, maxWriteGapMs: 120_000 } },
    waivers: [],
    inputs: { 'load-path': '/health', 'longest-stop-minutes': 2 },
  }
}

/** Has the old host run the register in the place of the permit desk, at the same address. */
async function install(lab: Lab): Promise<void> {
  const { codeDir, configFile, dataDir } = placesOf(lab.description)
  const { address, serviceDir, logDir } = lab.description.hosts.old
  const { port, service: replaced } = lab.description.permitDesk
  const folder = join(serviceDir, service)
  const data = join(dataDir, 'entries.jsonl')
  const program = await readFile(join(import.meta.dirname, '../apps/register/server.mjs'), 'utf8')
  const config = `ADDRESS=${address}\nPORT=${String(port)}\nSITE=old\nDATA_FILE=${data}\n`
  const run = `#!/bin/sh\nexec >>${quote(join(logDir, 'register.log'))} 2>&1\nexec node ${quote(join(codeDir, 'server.mjs'))} ${quote(configFile)}\n`
  const write = (path: string, text: string) => `printf %s ${quote(text)} > ${quote(path)}`
  const { exitCode, stderr } = await runOn(
    lab,
    'old',
    `set -e; umask 027
sv -w 30 down ${quote(join(serviceDir, replaced))}; touch ${quote(join(serviceDir, replaced, 'down'))}
mkdir -p ${quote(codeDir)} ${quote(dataDir)} ${quote(folder)}
${write(join(codeDir, 'server.mjs'), program)}
${write(configFile, config)}
${write(join(folder, 'run.new'), run)}
chmod 750 ${quote(join(folder, 'run.new'))}; mv ${quote(join(folder, 'run.new'))} ${quote(join(folder, 'run'))}
left=100; until sv -w 30 up ${quote(folder)} 2>/dev/null; do left=$((left - 1)); [ $left -gt 0 ]; sleep 0.2; done`,
  )
  if (exitCode !== 0) throw new Error(`the register could not be installed: ${stderr}`)
}

/** The visitors' register, which is moved by commands. */
export const register: LabSystem = {
  name: service,
  ledger,
  plan,
  install,
  writers: 'register',
  hasJobs: false,
}
