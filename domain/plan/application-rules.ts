import { type InputProblem, problemAt } from '../errors.ts'
import { said } from '../words/said.ts'
import { hostReferenceProblems } from './host-rules.ts'
import { applicationsOf, endpointsOf, type Named, sideRoles, sitesOf } from './places.ts'
import type { Application, MigrationPlan } from './plan.ts'

type PlanWithApplications = Pick<MigrationPlan, 'hosts' | 'applications' | 'endpoints' | 'policy'>

/** What is wrong with the applications of a plan, and with the endpoints users reach them through. */
export function applicationProblems(plan: PlanWithApplications): readonly InputProblem[] {
  const applications = applicationsOf(plan)
  if (applications.length === 0) return [problemAt('applications', said('application-none'))]
  return [
    ...applications.flatMap((application) => siteProblems(plan, application)),
    ...sameSiteProblems(plan),
    ...applications.flatMap(({ name }) => frontedProblems(plan, name)),
    ...probeProblems(plan, applications),
    ...httpProblems(plan),
  ]
}

function siteProblems(plan: PlanWithApplications, { name, sites }: Named<Application>): InputProblem[] {
  return sideRoles.flatMap((role) =>
    sites[role].flatMap(({ host }, index) => {
      const path = `applications.${name}.sites.${role}.${String(index)}.host`
      const twice = sites[role].slice(0, index).some((other) => other.host === host)
      return [
        ...hostReferenceProblems(plan, { path, name: host, role }),
        ...(twice ? [problemAt(path, said('site-twice-on-host', { host }))] : []),
      ]
    }),
  )
}

function sameSiteProblems(plan: PlanWithApplications): InputProblem[] {
  return sideRoles.flatMap((role) => {
    const sites = sitesOf(plan, role)
    return sites.flatMap(({ application, host, url }, index) => {
      const other = sites.slice(0, index).find((one) => one.host === host && one.url === url)
      return other === undefined || other.application === application
        ? []
        : [
            problemAt(
              `applications.${application}.sites.${role}`,
              said('site-of-two-applications', { url, host, other: other.application }),
            ),
          ]
    })
  })
}

function frontedProblems(plan: PlanWithApplications, application: string): InputProblem[] {
  return endpointsOf(plan, 'http').some(({ fronts }) => fronts === application)
    ? []
    : [problemAt('endpoints', said('application-not-fronted', { application }))]
}

function probeProblems(
  { policy }: PlanWithApplications,
  applications: readonly Named<Application>[],
): InputProblem[] {
  const [only, ...others] = applications
  if (policy.profile !== 'production' || applications.some(({ writeProbe }) => writeProbe !== undefined))
    return []
  return [
    only !== undefined && others.length === 0
      ? problemAt(`applications.${only.name}.writeProbe`, said('write-probe-missing'))
      : problemAt('applications', said('write-probe-of-none')),
  ]
}

function httpProblems(plan: PlanWithApplications): InputProblem[] {
  const endpoints = endpointsOf(plan, 'http')
  return endpoints.flatMap((endpoint, index) => {
    const { name, fronts, servers } = endpoint
    const application = Object.hasOwn(plan.applications, fronts) ? plan.applications[fronts] : undefined
    if (application === undefined)
      return [problemAt(`endpoints.${name}.fronts`, said('endpoint-fronts-no-application', { fronts }))]
    const most = Math.max(application.sites.source.length, application.sites.target.length)
    const same = endpoints
      .slice(0, index)
      .find(
        (other) =>
          other.host === endpoint.host &&
          other.configFile === endpoint.configFile &&
          other.backend === endpoint.backend &&
          (endpoint.proxy === 'nginx' || other.servers.some((server) => servers.includes(server))),
      )
    const found = [
      ...(servers.length < most
        ? [said('server-lines-too-few', { count: servers.length, application: fronts, sites: most })]
        : []),
      ...(new Set(servers).size === servers.length ? [] : [said('server-line-twice')]),
      ...(same === undefined
        ? []
        : [said('server-line-of-two', { backend: endpoint.backend, other: same.name })]),
    ]
    return found.map((problem) => problemAt(`endpoints.${name}.servers`, problem))
  })
}
