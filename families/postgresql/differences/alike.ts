import { randomUUID } from 'node:crypto'
import { obstaclesIn } from '../census/judge.ts'
import type { DatabasePort } from '../database.ts'
import { writeMarker } from '../replication/marker.ts'
import { recordedDdl } from '../replication/ddl-freeze.ts'
import { type Carrying, type Fingerprints, alikeMarker, carryOver } from './carry.ts'
import type { Difference } from './difference.ts'
import { SidesDifferError } from './errors.ts'
import { compareSides } from './compare.ts'
import { notFenced, readFenced } from './fenced.ts'
import { findingsOfDifferences } from './findings.ts'

/**
 * Brings `to` up to date with what can be copied, and makes sure that nothing differs without a waiver.
 * @returns the fingerprints of both sides from right before the comparison
 * @throws SidesDifferError
 */
export async function assertAlike(carrying: Carrying): Promise<Fingerprints> {
  const { from, to, given, moment } = carrying
  const { differences, fingerprints } = await carryOver(carrying)
  const sides = { from: from.port, to: to.port }
  const judged = differences.filter((one) => !isOwnSuperuser(one, from.port))
  const refused = obstaclesIn(findingsOfDifferences(judged, sides, given, moment))
  if (refused.length > 0) throw new SidesDifferError(refused, from.port, await recordedDdl(from.app))
  await writeMarker(to.app, alikeMarker(to.port), randomUUID())
  return fingerprints
}

/** A role of the application that is a superuser where it is copied from: a rule refuses it, and names whom it lets in. */
function isOwnSuperuser({ kind, identity, from }: Difference, { appRoles }: DatabasePort): boolean {
  const isOwn = appRoles.some((role) => [role, `"${role.replaceAll('"', '""')}"`].includes(identity))
  return kind === 'role' && isOwn && from?.split(' ').includes('superuser') === true
}

/** The names of what differs, and of what differs under a waiver; changes nothing. */
export async function differencesOf({ from, to, given, moment }: Omit<Carrying, 'say'>): Promise<{
  readonly unwaived: readonly string[]
  readonly waived: readonly string[]
}> {
  const [fencedFrom, fencedTo] = await Promise.all(
    [from, to].map(async ({ control, port }) => readFenced(control, port.database)),
  )
  const differences = await compareSides(
    { port: from.port, fenced: fencedFrom ?? notFenced },
    { port: to.port, fenced: fencedTo ?? notFenced },
  )
  const findings = findingsOfDifferences(differences, { from: from.port, to: to.port }, given, moment)
  const names = (isWaived: boolean) =>
    findings.filter(({ waiver }) => (waiver !== undefined) === isWaived).map(({ subject }) => subject)
  return { unwaived: names(false), waived: names(true) }
}
