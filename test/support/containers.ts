import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import { type Pair, startPair } from './postgres-pair.ts'
import {
  type TestServer,
  adminPassword,
  adminUser,
  answering,
  freePort,
  settingArguments,
} from './postgres-servers.ts'

/** Asks where `docker` would ask: at DOCKER_HOST, else at the usual socket. */
const ping = `
const where = new URL(process.env.DOCKER_HOST || 'unix:///var/run/docker.sock')
const at = where.protocol === 'unix:' ? { socketPath: where.pathname } : { host: where.hostname, port: where.port }
const end = (code) => process.exit(code)
const request = require('node:http').get({ ...at, path: '/_ping' }, ({ statusCode }) => end(statusCode === 200 ? 0 : 1))
request.on('error', () => end(1))
setTimeout(end, 2000, 1)`

let answers: boolean | undefined

/** Whether a Docker API answers on this machine. Asked once, by a process of its own: jest lists tests without waiting. */
export function dockerAnswers(): boolean {
  answers ??= spawnSync(process.execPath, ['-e', ping], { timeout: 5_000 }).status === 0
  return answers
}

/** For the name of tests that are skipped where no Docker API answers: why they are; nothing where one does. */
export function whyWithoutContainers(): string {
  return dockerAnswers() ? '' : ' (skipped: no Docker API)'
}

/** A pair whose servers are the published images' in containers; they are removed when it stops. */
export async function startPairInContainers(name: string): Promise<Pair> {
  const remove: (() => Promise<void>)[] = []
  const pair = await startPair(name, {}, async (...server) => {
    const started = await startContainer(...server)
    remove.push(started.remove)
    return started
  })
  return {
    ...pair,
    async stop() {
      await pair.stop()
      await Promise.all(remove.map(async (removeOne) => removeOne()))
    },
  }
}

/** The server in a container on the machine's own network: each side reaches the other at the address of its plan. */
async function startContainer(
  folder: string,
  name: string,
  version: TestServer['version'],
  settings: Readonly<Record<string, string>> = {},
): Promise<TestServer & { readonly remove: () => Promise<void> }> {
  const port = await freePort()
  const made = await new GenericContainer(`postgres:${String(version)}`)
    .withName(`${basename(folder)}-${name}`)
    .withEnvironment({
      POSTGRES_USER: adminUser,
      POSTGRES_PASSWORD: adminPassword,
      POSTGRES_INITDB_ARGS: '--locale=C --encoding=UTF8 --auth=scram-sha-256 --no-sync',
    })
    .withNetworkMode('host')
    .withCommand(['postgres', ...settingArguments(port, settings)])
    .start()
  await answering(port)
  const { container: client } = await getContainerRuntimeClient()
  const container = client.getById(made.getId())
  const signal = async (name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => {
    const ended = container.wait()
    await container.kill({ signal: name })
    await ended
  }
  const stop = async () => {
    if ((await container.inspect()).State.Running) await signal('SIGINT')
  }
  return {
    ...{ name, port, version, adminPassword, stop },
    crash: async () => signal('SIGQUIT'),
    kill: () => void signal('SIGKILL'),
    freeze: () => void container.pause(),
    thaw: () => void container.unpause(),
    async restart(changed) {
      if (Object.keys(changed).length > 0)
        throw new Error('a container starts again with the settings it was made with')
      await stop()
      await container.start()
      await answering(port)
    },
    remove: async () => made.stop().then(() => undefined),
  }
}
