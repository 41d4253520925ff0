import { describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { dockerAnswers, startPostgresContainer, whyWithoutContainers } from '../../support/containers.ts'

const inContainers = dockerAnswers() ? describe : describe.skip

inContainers(`PostgreSQL in a container${whyWithoutContainers()}`, () => {
  it('can publish and subscribe', async () => {
    const container = await startPostgresContainer()
    const client = new pg.Client({
      host: container.getHost(),
      port: container.getMappedPort(5432),
      user: 'postgres',
      password: 'postgres',
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ level: string }>(`SELECT current_setting('wal_level') AS level`)
      expect(rows).toEqual([{ level: 'logical' }])
    } finally {
      await client.end()
      await container.stop()
    }
  }, 180_000)
})
