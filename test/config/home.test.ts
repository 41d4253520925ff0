import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { chooseHome } from '../../config/home.mjs'

let folder: string
let repository: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-home-'))
  repository = join(folder, 'repository')
  mkdirSync(repository)
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('chooseHome', () => {
  it('is .qianyun in the repository', () => {
    chmodSync(folder, 0o700)

    expect(chooseHome({ env: {}, repository, userId: 1000 })).toEqual({ path: join(repository, '.qianyun') })
  })

  it('is the folder QIANYUN_HOME names, whoever runs it', () => {
    expect(chooseHome({ env: { QIANYUN_HOME: '/srv/q' }, repository, userId: 0 })).toEqual({ path: '/srv/q' })
  })

  it('moves out of folders closed to others when root runs it, and says so', () => {
    chmodSync(folder, 0o700)

    const choice = chooseHome({ env: {}, repository, userId: 0 })

    expect(choice.path).toMatch(/^\/var\/lib\/qianyun\/[0-9a-f]{12}$/)
    expect(choice.reason).toContain(`"${folder}" is closed to other users`)
  })

  it('stays in the repository when root runs it and all folders are open', () => {
    chmodSync(folder, 0o755)

    expect(chooseHome({ env: {}, repository, userId: 0 }).path).toBe(join(repository, '.qianyun'))
  })
})
