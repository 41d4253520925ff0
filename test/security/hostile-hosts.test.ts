import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'

it('what a host prints to hold up a runner is read to its end', async () => {
  const program = fileURLToPath(new URL('../support/read-hostile-texts.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 240_000,
  })
  expect(await once(child, 'exit')).toEqual([0, null])
}, 260_000)
