#!/usr/bin/env node
import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// Node 22 keeps what it has compiled, so that the next start is faster.
module.enableCompileCache?.()
if (process.env.QIANYUN_DEBUG === '1') process.setSourceMapsEnabled(true)
const { main } = await (existsSync(join(import.meta.dirname, 'main.ts')) ? fromSource() : fromBuild())
process.exitCode = await main(process.argv.slice(2))

/** A checkout always runs what its sources say, whatever `npm run build` has made of earlier ones. */
async function fromSource() {
  const { bundleOfCheckout } = await import('../build/kept-bundle.mjs')
  const bundle = await bundleOfCheckout(join(import.meta.dirname, '..'))
  if (bundle !== undefined) return import(pathToFileURL(bundle).href)
  const { register } = await import('tsx/esm/api')
  register()
  return import('./main.ts')
}

/** A package has no sources. npm skips `prepack` here (.npmrc), so a package can have been made before any build. */
async function fromBuild() {
  const bundle = join(import.meta.dirname, '..', 'dist', 'qianyun.js')
  if (existsSync(bundle)) return import(pathToFileURL(bundle).href)
  const sentence = `"${bundle}" is missing: this package was made before the build. Make it again: npm run build && npm pack`
  return {
    main: async () => {
      process.stderr.write(`${sentence}\n`)
      return 1
    },
  }
}
