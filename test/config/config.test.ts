import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { InvalidConfigError, loadConfig } from '../../config/config.ts'
import { writeSecret } from './write-secret.ts'

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'qianyun-config-'))
})

afterAll(() => rmSync(home, { recursive: true }))

describe('loadConfig', () => {
  it('has a default for everything', () => {
    const config = loadConfig({ QIANYUN_HOME: home })

    expect(config).toEqual({
      home,
      isLab: false,
      zone: 'default',
      timeZone: 'Asia/Shanghai',
      ports: { api: 7070, temporal: 7233, temporalUi: 8233, postgres: 7432 },
      apiHost: '127.0.0.1',
      apiUrl: 'http://127.0.0.1:7070',
      temporalUiUrl: 'http://127.0.0.1:8233',
      databaseUrl: 'postgres://qianyun@127.0.0.1:7432/qianyun',
      measurementDays: 7,
      temporal: { address: '127.0.0.1:7233', namespace: 'default' },
      external: { temporal: false, database: false },
    })
  })

  it('reports all problems together, by the name of the variable', () => {
    const load = () =>
      loadConfig({
        QIANYUN_HOME: home,
        QIANYUN_API_PORT: 'seventy',
        QIANYUN_POSTGRES_PORT: '70000',
        QIANYUN_TIME_ZONE: 'Asia/Nowhere',
        DATABASE_URL: 'mysql://somewhere/x',
        QIANYUN_MEASUREMENT_DAYS: '0',
      })

    expect(load).toThrow(InvalidConfigError)
    expect(load).toThrow(
      /is not valid: QIANYUN_TIME_ZONE .*"Asia\/Shanghai".*; QIANYUN_API_PORT must be a port number; QIANYUN_POSTGRES_PORT .*65535; QIANYUN_MEASUREMENT_DAYS must be a number of days from 1 to 9999; DATABASE_URL must be a URL/,
    )
  })

  it('refuses a client certificate without its key', () => {
    expect(() => loadConfig({ QIANYUN_HOME: home, TEMPORAL_TLS_CLIENT_CERT_PATH: '/client.pem' })).toThrow(
      'TEMPORAL_TLS_CLIENT_KEY_PATH is missing: a client certificate and its key go together',
    )
  })

  it('refuses one port for two servers', () => {
    expect(() => loadConfig({ QIANYUN_HOME: home, QIANYUN_API_PORT: '7233' })).toThrow(
      'QIANYUN_TEMPORAL_PORT is 7233, which QIANYUN_API_PORT has already',
    )
  })

  it('uses the servers the environment names', () => {
    const config = loadConfig({
      QIANYUN_HOME: home,
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: 'moves',
      TEMPORAL_API_KEY: 'k',
      DATABASE_URL: 'postgres://q:p@db.example/q',
    })

    expect(config.external).toEqual({ temporal: true, database: true })
    expect(config.temporal).toEqual({
      address: 'temporal.example:7233',
      namespace: 'moves',
      apiKey: 'k',
      tls: {},
    })
    expect(config.databaseUrl).toBe('postgres://q:p@db.example/q')
  })

  it("takes the password of the stack's own PostgreSQL from its secret", () => {
    const folder = join(home, 'with-secret')
    writeSecret(folder, 'stack-postgres', 'p@ss/word', { folder: 'own-secrets' })

    const url = new URL(loadConfig({ QIANYUN_HOME: folder }).databaseUrl)

    expect(decodeURIComponent(url.password)).toBe('p@ss/word')
  })

  it('counts an empty variable as not set', () => {
    expect(loadConfig({ QIANYUN_HOME: home, QIANYUN_API_PORT: ' ' }).ports.api).toBe(7070)
  })
})
