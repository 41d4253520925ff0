import { execFile } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from '@jest/globals'
import { chooseHome } from '../../config/home.mjs'
import { removeLab } from '../../lab/lab.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const home = useHomeFolder()
const usual = chooseHome({ env: {} }).path

afterAll(() => removeLab(join(home, 'bench')), 60_000)

it('a benchmark has a stack and a lab of its own carry its playbooks out, and ends with its figures', async () => {
  for (const programs of ['bin', 'postgresql-18']) symlinkSync(join(usual, programs), join(home, programs))
  const args = ['standalone/setup/first.cjs', 'bench', 'steps', '--steps', '3', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, QIANYUN_HOME: home },
    maxBuffer: 64 * 1024 * 1024,
  })
  const last: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(last).toMatchObject({
    bench: 'steps',
    steps: 3,
    stepMs: expect.any(Number),
    commandMs: expect.any(Number),
  })
}, 300_000)
