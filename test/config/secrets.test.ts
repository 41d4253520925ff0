import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import {
  InvalidSecretNameError,
  SecretExposedError,
  SecretStore,
  UnknownSecretError,
  takeSecrets,
} from '../../config/secrets.ts'
import { writeSecret } from './write-secret.ts'

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'qianyun-secrets-'))
})

afterAll(() => rmSync(home, { recursive: true }))

describe('SecretStore', () => {
  it('reads a file without its trailing line break', async () => {
    writeSecret(home, 'desk-database', ' kept as it is ')

    await expect(new SecretStore(home, {}).read('desk-database')).resolves.toBe(' kept as it is ')
  })

  it('prefers the variable', async () => {
    writeSecret(home, 'desk-login', 'from the file')
    const store = new SecretStore(home, { QIANYUN_SECRET_DESK_LOGIN: 'from the variable' })

    await expect(store.read('desk-login')).resolves.toBe('from the variable')
  })

  it('leaves no secret in the environment that other programs inherit', () => {
    const environment = {
      PATH: '/bin',
      QIANYUN_HOME: home,
      QIANYUN_SECRET_DESK_LOGIN: 'from the variable',
      DATABASE_URL: 'postgres://qianyun:secret@127.0.0.1/qianyun',
      TEMPORAL_API_KEY: 'secret',
    }

    expect(takeSecrets(environment)).toEqual({ QIANYUN_SECRET_DESK_LOGIN: 'from the variable' })
    expect(environment).toEqual({ PATH: '/bin', QIANYUN_HOME: home })
  })

  it('says where an unknown secret would be looked for', async () => {
    const reading = new SecretStore(home, {}).read('nothing')

    await expect(reading).rejects.toThrow(UnknownSecretError)
    await expect(reading).rejects.toThrow(/"nothing".*secrets\/nothing".*QIANYUN_SECRET_NOTHING/)
  })

  it('refuses a file other users can read, and says the command that closes it', async () => {
    const path = writeSecret(home, 'open', 'x', { mode: 0o644 })
    const reading = new SecretStore(home, {}).read('open')

    await expect(reading).rejects.toThrow(SecretExposedError)
    await expect(reading).rejects.toThrow(`mode 0644, expected 0600). Run: chmod 600 '${path}'`)
  })

  it.each(['../accounts/owner.key', 'a/b', '', '.hidden', 'a..b', 'UPPER'])(
    'refuses the name "%s"',
    async (name) => {
      await expect(new SecretStore(home, {}).read(name)).rejects.toThrow(InvalidSecretNameError)
    },
  )
})
