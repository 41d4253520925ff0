import { type InputProblem, problemAt } from '../errors.ts'
import { said } from '../words/said.ts'
import { hostsOf, jumpHostsOf } from './places.ts'
import type { MigrationPlan } from './plan.ts'

/** What is wrong with the ways over jump hosts: each begins at a jump host of the plan, and none goes round in a circle. */
export function jumpProblems(plan: Pick<MigrationPlan, 'hosts' | 'jumpHosts'>): readonly InputProblem[] {
  const jumps = jumpHostsOf(plan)
  const known = jumps.map(({ name }) => name)
  const steps = [
    ...hostsOf(plan).map(({ name, via }) => ({ path: `hosts.${name}.via`, via })),
    ...jumps.map(({ name, via }) => ({ path: `jumpHosts.${name}.via`, via })),
  ]
  const unknown = steps.flatMap(({ path, via }) => {
    if (via === undefined || known.includes(via)) return []
    const found =
      known.length === 0 ? said('jump-hosts-none', { via }) : said('jump-host-not-of-plan', { via, known })
    return [problemAt(path, found)]
  })
  const unused = known
    .filter((name) => !steps.some(({ via }) => via === name))
    .map((name) => problemAt(`jumpHosts.${name}`, said('jump-host-unused')))
  const vias = new Map(jumps.map(({ name, via }) => [name, via]))
  const circles = known.flatMap((name) => {
    const way = circleFrom(name, vias)
    return way === undefined
      ? []
      : [problemAt(`jumpHosts.${name}.via`, said('jump-hosts-in-circle', { way }))]
  })
  return [...unknown, ...unused, ...circles]
}

function circleFrom(
  name: string,
  vias: ReadonlyMap<string, string | undefined>,
): readonly string[] | undefined {
  const way = [name]
  let next = vias.get(name)
  while (next !== undefined && !way.includes(next)) {
    way.push(next)
    next = vias.get(next)
  }
  return next === name ? [...way, name] : undefined
}
