import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { bundleCommandLine, bundlePrograms } from './bundles.mjs'
import { bundleWorkflows } from './workflows.mjs'

const repository = dirname(import.meta.dirname)
const dist = join(repository, 'dist')

// Bundles of an older build must not stay among those of this one: a package takes all that is here.
rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
try {
  await bundleCommandLine(repository, dist)
  await bundlePrograms(repository, dist)
  await bundleWorkflows(repository, dist)
} catch (error) {
  rmSync(dist, { recursive: true, force: true })
  throw error
}
console.log(`The build is in "${dist}". "npm pack" makes a package of it.`)
