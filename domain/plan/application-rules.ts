import type { InputProblem } from '../errors.ts'
import { hostReferenceProblems } from './host-rules.ts'
import { applicationsOf, endpointsOf, type Named, sideRoles, sitesOf } from './places.ts'
import type { Application, MigrationPlan } from './plan.ts'

type PlanWithApplications = Pick<MigrationPlan, 'hosts' | 'applications' | 'endpoints' | 'policy'>

/** What is wrong with the applications of a plan, and with the endpoints users reach them through. */
export function applicationProblems(plan: PlanWithApplications): readonly InputProblem[] {
  const applications = applicationsOf(plan)
  if (applications.length === 0)
    return [{ path: 'applications', message: 'is empty; a system has one application at least' }]
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
        ...(twice
          ? [{ path, message: `is "${host}", where the application has a site already; one a host` }]
          : []),
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
            {
              path: `applications.${application}.sites.${role}`,
              message: `has "${url}" on "${host}", which is a site of "${other.application}" too; a site is one application's`,
            },
          ]
    })
  })
}

function frontedProblems(plan: PlanWithApplications, application: string): InputProblem[] {
  return endpointsOf(plan, 'http').some(({ fronts }) => fronts === application)
    ? []
    : [
        {
          path: 'endpoints',
          message: `has none of kind "http" that fronts the application "${application}"; nothing would send its users to the new side`,
        },
      ]
}

function probeProblems(
  { policy }: PlanWithApplications,
  applications: readonly Named<Application>[],
): InputProblem[] {
  const [only, ...others] = applications
  if (policy.profile !== 'production' || applications.some(({ writeProbe }) => writeProbe !== undefined))
    return []
  return [
    {
      path:
        only !== undefined && others.length === 0 ? `applications.${only.name}.writeProbe` : 'applications',
      message:
        others.length === 0
          ? 'is missing: in production a write through the public address proves the new side'
          : 'have no "writeProbe": in production a write through the public address of one proves the new side',
    },
  ]
}

function httpProblems(plan: PlanWithApplications): InputProblem[] {
  const endpoints = endpointsOf(plan, 'http')
  return endpoints.flatMap((endpoint, index) => {
    const { name, fronts, servers } = endpoint
    const application = Object.hasOwn(plan.applications, fronts) ? plan.applications[fronts] : undefined
    if (application === undefined)
      return [
        {
          path: `endpoints.${name}.fronts`,
          message: `is "${fronts}", which is no application of the plan; "http" fronts one`,
        },
      ]
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
    return [
      ...(servers.length < most
        ? [
            {
              path: `endpoints.${name}.servers`,
              message: `has ${String(servers.length)} server ${servers.length === 1 ? 'line' : 'lines'}, where "${fronts}" has ${String(most)} sites on one side; name as many as there are sites, or more`,
            },
          ]
        : []),
      ...(new Set(servers).size === servers.length
        ? []
        : [{ path: `endpoints.${name}.servers`, message: 'names a server line twice' }]),
      ...(same === undefined
        ? []
        : [
            {
              path: `endpoints.${name}.servers`,
              message: `has server lines of the backend "${endpoint.backend}" that "${same.name}" switches too; a line is switched by one`,
            },
          ]),
    ]
  })
}
