import type { HostPort, StepContext } from '../../runner/steps/kind.ts'

/** A step's context with the given hosts and nothing else; `said` collects its lines. */
export function stepContext(hosts: readonly HostPort[] = []): StepContext & { readonly said: string[] } {
  const said: string[] = []
  const absent = (what: string) => () => {
    throw new Error(`This test gives its step no ${what}.`)
  }
  return {
    runId: 'run-1',
    stepId: 'step-1',
    host: (name) => hosts.find((host) => host.name === name) ?? absent(`host "${name}"`)(),
    dataset: absent('dataset'),
    anyDataset: absent('dataset'),
    secret: absent('secret'),
    inputs: {},
    playbookFile: absent('file of its playbook'),
    signal: new AbortController().signal,
    marks: [],
    mark: async () => undefined,
    retention: async () => undefined,
    closedTasks: async () => [],
    wasWaived: async () => undefined,
    condition: absent('condition'),
    fill: (text) => text,
    say: (line) => void said.push(line),
    redact: (text) => text,
    said,
  }
}
