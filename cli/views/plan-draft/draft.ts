import type { SystemView } from '../../../api/contract.ts'
import type { Say } from '../../language/message.ts'
import { planDraftComments as c, planDraftMessages as m } from '../../messages/plan-draft.ts'
import { applicationLines, datasetLines, endpointLines } from './places.ts'
import { type DraftKnown, hostName, hostRoles, type HostRole, sides, type Speaking } from './known.ts'
import { DraftLines } from './lines.ts'

/** A plan of version 2 in YAML: what is known is filled in, and what is not says what belongs there. */
export function planDraft(known: DraftKnown, speaking: Speaking): DraftLines {
  const { say, program } = speaking
  const draft = new DraftLines()
  draft.lines.push('# yaml-language-server: $schema=plan.schema.json')
  draft
    .comment(0, say(c.schema, { program }))
    .comment(0, say(c.head, { name: known.system.name }))
    .comment(0, say(c.create, { program }))
    .comment(0, say(c.ledger, ledgerCells(known.system)))
  for (const reason of reasonsAgainst(known.system, say)) draft.comment(0, say(m.cannot, { reason }))
  draft.blank().known(0, 'version', 2).known(0, 'plan', known.plan).known(0, 'system', known.system.system)
  hostLines(draft, known, speaking)
  datasetLines(draft, known, speaking)
  applicationLines(draft, known, speaking)
  endpointLines(draft, known, speaking)
  playbookLines(draft, known, speaking)
  organisationLines(draft, known, speaking)
  policyLines(draft, known, speaking)
  secretLines(draft, known, speaking)
  return draft
}

const ledgerCells = ({ network, mlpsLevel, classified }: SystemView) => ({
  network,
  level: String(mlpsLevel),
  classified: String(classified),
})

/** Why the ledger lets no plan be made of the system. */
export function reasonsAgainst({ classified, mlpsLevel }: SystemView, say: Say): readonly string[] {
  return [
    ...(classified === 'unknown' ? [say(m.classifiedUnknown)] : classified ? [say(m.classified)] : []),
    ...(mlpsLevel === 'unknown'
      ? [say(m.levelUnknown)]
      : mlpsLevel > 3
        ? [say(m.levelTooHigh, { level: mlpsLevel })]
        : []),
  ]
}

function hostLines(draft: DraftLines, { hosts, secrets }: DraftKnown, { say }: Speaking): void {
  draft.blank().part(0, 'hosts', say(c.hosts))
  for (const role of hostRoles) {
    const ofRole = hosts.filter((host) => host.role === role)
    for (const { name, user, address, port } of ofRole) {
      draft.part(1, name, say(c.hostOf[role])).known(2, 'role', role).known(2, 'address', address)
      if (port !== undefined) draft.known(2, 'port', port)
      draft.known(2, 'user', user).known(2, 'keySecret', secrets.ssh)
      if (role === 'source') draft.unknown(2, 'hostKey', 'SHA256:…', say(c.hostKey))
    }
    if (ofRole.length > 0) continue
    const key = role === 'source' ? ', hostKey: "SHA256:…"' : ''
    const example = `{ role: ${role}, address: 10.0.0.1, user: qianyun, keySecret: ${secrets.ssh}${key} }`
    draft.unknown(1, hostName(role), example, say(c.hostOf[role]))
  }
}

/** The playbooks that come with the product, by what they are wanted for. */
const usualPlaybooks = {
  copy: 'postgresql-copy',
  rehearse: 'postgresql-rehearsal',
  replicate: 'postgresql-replicate',
  cutover: 'system-cutover',
  afterCutover: 'system-after-cutover',
  rollback: 'system-rollback',
  close: 'system-close',
} as const

function playbookLines(draft: DraftLines, { playbooks }: DraftKnown, { say, program }: Speaking): void {
  const known = playbooks.length === 0 ? '-' : playbooks.join(', ')
  draft
    .blank()
    .part(0, 'playbooks', say(c.playbooks, { program }))
    .unknown(1, 'deploy', 'deploy-of-the-vendor', say(c.deploy, { known }))
  for (const [purpose, usual] of Object.entries(usualPlaybooks)) {
    const value = playbooks.includes(usual) ? usual : undefined
    draft.either(1, purpose, value, [usual, say(c.playbookMissing, { usual })])
  }
}

function organisationLines(draft: DraftLines, { organisations }: DraftKnown, { say }: Speaking): void {
  draft.blank().part(0, 'organisations', say(c.organisations))
  for (const role of ['coordinator', 'owner', 'provider', 'vendor', 'operations'] as const)
    draft.either(1, role, organisations[role], [`some-${role}`, say(c.organisationOf[role])])
}

function policyLines(draft: DraftLines, { timeZone }: DraftKnown, { say }: Speaking): void {
  draft
    .blank()
    .part(0, 'policy', say(c.policy))
    .known(1, 'profile', 'production')
    .known(1, 'timeZone', timeZone)
  for (const line of [
    'retention: { months: 3 }',
    'trialRun: { days: 30 }',
    'parties: [owner, provider]',
    'longestWindowHours: 72',
  ])
    draft.comment(1, line)
  draft.blank()
  draft.lines.push(`waivers: [] # ${say(c.waivers)}`, `inputs: {} # ${say(c.inputs)}`)
}

function secretLines(draft: DraftLines, known: DraftKnown, { say, program }: Speaking): void {
  const { hosts, secrets, system } = known
  const bind = (secret: string, purpose: string, addresses: readonly string[]) =>
    addresses.length === 0
      ? []
      : [
          `${program} secret bind ${secret} --organisation ${system.department} --system ${system.system} --purpose ${purpose}${addresses
            .map((address) => ` --address ${address}`)
            .join('')}`,
        ]
  const at = (role: HostRole, port: number) =>
    hosts
      .filter((host) => host.role === role)
      .slice(0, 1)
      .map(({ address }) => withPort(address, port))
  const commands = [
    ...bind(
      secrets.ssh,
      'ssh-login',
      hosts.map(({ address, port = 22 }) => withPort(address, port)),
    ),
    ...bind(secrets['admin-old'], 'database-admin', at('source', 5432)),
    ...bind(secrets['admin-staging'], 'database-admin', at('staging', 5432)),
    ...bind(secrets['admin-new'], 'database-admin', at('target', 5432)),
    ...bind(
      secrets.app,
      'database-application',
      sides.flatMap((role) => at(role, 5432)),
    ),
    ...bind(secrets.pgbouncer, 'pooler', at('entry', 6432)),
  ]
  if (commands.length === 0) return
  draft.blank().comment(0, say(c.secrets))
  for (const command of commands) draft.lines.push(`#   ${command}`)
}

const withPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`
