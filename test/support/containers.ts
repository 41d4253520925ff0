import { spawnSync } from 'node:child_process'
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'

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

/** PostgreSQL in a container of its own, ready for logical replication. Whoever started it stops it. */
export async function startPostgresContainer(image = 'postgres:18'): Promise<StartedTestContainer> {
  return new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres' })
    .withCommand(['postgres', '-c', 'wal_level=logical'])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forListeningPorts())
    .start()
}
