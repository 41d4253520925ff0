import process from 'node:process'
import { messageOf } from '../../domain/errors.ts'
import { loadTest } from './compare.ts'
import type { LoadMessage, LoadOrder } from './load-process.ts'

const post = (message: LoadMessage) => process.send?.(message)

// The load must not outlive the process that ordered it.
process.once('disconnect', () => process.exit(1))
process.once('message', (order) => {
  const { targets, profile, options } = order as LoadOrder
  loadTest(targets, profile, { ...options, say: (line) => post({ say: line }) }).then(
    (report) => post({ report }),
    (error: unknown) => post({ failure: messageOf(error) }),
  )
})
