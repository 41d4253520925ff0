import type { DatasetAssessment, Family } from '../family.ts'
import { bothSides } from './both-sides.ts'
import { commands, type CommandsPlace } from './declaration.ts'
import type { Figures } from './figures.ts'
import { findingsOfSide, lookAtSide } from './findings.ts'
import { ColdWayBack } from './health.ts'
import { removal } from './removal.ts'
import { CommandsSide } from './side.ts'

/** Runs the commands that only look, and says how the dataset crosses. */
async function assess(source: CommandsSide): Promise<DatasetAssessment<{ readonly figures: Figures }>> {
  const looked = await lookAtSide(source)
  return { facts: { figures: looked.figures }, findings: findingsOfSide(source, looked), upgrades: [] }
}

/** Reaches what its vendor's commands move. */
export const implementation: Family<CommandsPlace, CommandsSide, { readonly figures: Figures }> = {
  ...commands,
  open: (place, { called, host }) => new CommandsSide(called, place, host(place.host)),
  async reach({ host }) {
    await host.run('true')
  },
  assess,
  bothSides,
  health: ({ opened }) => new ColdWayBack(opened),
  removal,
}
