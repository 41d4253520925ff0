import { afterAll, beforeAll } from '@jest/globals'
import { TestWorkflowEnvironment } from '@temporalio/testing'

import { endingRetries } from '../../config/temporal-connection.ts'
import { askServers } from './ask-servers.ts'

/** The Temporal dev server all test files share: use workflow ids and task queues of your own. */
export interface TestTemporal {
  readonly env: TestWorkflowEnvironment
  readonly address: string
  /** The workflows, bundled once for the whole run: `Worker.create({ workflowBundle: { codePath } })`. */
  readonly bundlePath: string
  /** Runs before the connections are closed, the last one first: whoever uses them ends first. */
  beforeTeardown(end: () => Promise<void>): void
}

/** Connects the file to the shared dev server before its tests and closes the connections after them. */
export function useTemporal(): TestTemporal {
  return useEnvironment(async () => {
    const { address, namespace } = await askServers('temporal')
    return { env: await TestWorkflowEnvironment.createFromExistingServer({ address, namespace }), address }
  })
}

/** Gives the bundle of the workflows; `use…` have it as `bundlePath`. */
export async function workflowBundlePath(): Promise<string> {
  const { codePath } = await askServers('bundle')
  return codePath
}

/** Keeps an environment for the tests of one file. */
export function useEnvironment(
  open: () => Promise<{ readonly env: TestWorkflowEnvironment; readonly address: string }>,
): TestTemporal {
  let current: Omit<TestTemporal, 'beforeTeardown'> | undefined
  const ends: (() => Promise<void>)[] = []
  beforeAll(async () => {
    const [opened, bundlePath] = await Promise.all([open(), workflowBundlePath()])
    endingRetries(opened.env.connection)
    current = { ...opened, bundlePath }
  }, 120_000)
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
    await current?.env.teardown()
  }, 60_000)
  const ready = () => {
    if (current === undefined) throw new Error('The server is there in tests and hooks, not before')
    return current
  }
  return {
    get env() {
      return ready().env
    },
    get address() {
      return ready().address
    },
    get bundlePath() {
      return ready().bundlePath
    },
    beforeTeardown: (end) => {
      ends.push(end)
    },
  }
}
