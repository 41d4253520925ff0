#!/usr/bin/env node
import module from 'node:module'
import { register } from 'tsx/esm/api'

// Node 22 keeps what it has compiled, so that the next start is faster.
module.enableCompileCache?.()
register()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
