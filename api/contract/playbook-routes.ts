import { Nothing } from './identifiers.ts'
import * as playbook from './playbook.ts'
import type { Route } from './route.ts'
import { empty, planning, playbookReaders, read, runReaders } from './route-shapes.ts'

/** Playbooks and their runs outside a move. */
export const playbookRoutes = {
  listPlaybooks: read('/playbooks', 'The playbooks by name and digest.', {
    params: Nothing,
    query: Nothing,
    response: playbook.PlaybookList,
  }),
  playbookSchema: read('/playbooks/schema', 'The JSON Schema of a playbook file.', {
    params: Nothing,
    query: Nothing,
    response: playbook.PlaybookSchema,
  }),
  lintPlaybook: {
    ...empty,
    method: 'POST',
    path: '/playbooks/lint',
    summary: 'Every problem of a playbook text.',
    roles: playbookReaders,
    body: playbook.LintBody,
    response: playbook.LintAnswer,
    secrets: 'kept',
  },
  planPlaybook: {
    ...empty,
    method: 'POST',
    path: '/playbooks/:name/plan',
    summary: 'What a playbook would change on a plan’s hosts; changes nothing.',
    roles: playbookReaders,
    params: playbook.PlaybookParams,
    body: playbook.OccasionBody,
    response: playbook.PlanPlaybookAnswer,
  },
  runPlaybook: {
    ...empty,
    method: 'POST',
    path: '/playbooks/:name/run',
    summary: 'Runs a playbook on a plan’s hosts outside a move; Location names the run to look at.',
    roles: planning,
    status: 202,
    params: playbook.PlaybookParams,
    body: playbook.OccasionBody,
    response: playbook.PlaybookRunView,
  },
  listPlaybookRuns: read('/playbook-runs', 'The runs of playbooks outside a move, the newest first.', {
    params: Nothing,
    query: playbook.PlaybookRunsQuery,
    response: playbook.PlaybookRunList,
    roles: runReaders,
  }),
  showPlaybookRun: read('/playbook-runs/:run', 'One run of a playbook outside a move, step by step.', {
    params: playbook.RunParams,
    query: Nothing,
    response: playbook.PlaybookRunView,
    roles: runReaders,
  }),
} as const satisfies Readonly<Record<string, Route>>
