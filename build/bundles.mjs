import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import { build } from 'esbuild'

/** Programs that Node starts by themselves, by the file of their source; a build calls them by the name on the left. */
const programs = {
  account: 'standalone/account.ts',
  database: 'standalone/database.ts',
  api: 'api/main.ts',
  orchestrator: 'workers/orchestrator.ts',
  runner: 'workers/runner.ts',
  guardian: 'families/postgresql/switchover/guardian-main.ts',
  load: 'runner/load/main.ts',
}

/** The oldest Node that package.json names. */
const target = 'node20.19'

/** `root` is code for the folder of the package. `require` is for packages in CommonJS. */
const banner = (root) => `import { createRequire as createRequire_ } from 'node:module'
import { join as join_ } from 'node:path'
const require = createRequire_(import.meta.url)
const root_ = ${root}`

const shared = (repository, outdir, root = "join_(import.meta.dirname, '..')") => ({
  absWorkingDir: repository,
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target,
  // Zod and Temporal say names of classes and functions; two files may use the same one.
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  banner: { js: banner(root) },
  plugins: [foldersOfSources(repository)],
  logLevel: 'warning',
})

/** The command line with every package it uses, so that nothing else is looked for when it starts. */
export async function bundleCommandLine(repository, outdir) {
  await build({ ...shared(repository, outdir), entryPoints: { qianyun: 'cli/main.ts' } })
}

/** The same for a checkout, from any folder. Gives the paths of what went into it, from the root of the checkout. */
export async function bundleCommandLineOfCheckout(repository, outdir) {
  const { metafile } = await build({
    ...shared(repository, outdir, JSON.stringify(repository)),
    entryPoints: { qianyun: 'cli/main.ts' },
    metafile: true,
    logLevel: 'silent',
  })
  return Object.keys(metafile.inputs)
}

/** Node heeds source maps of what is loaded after it was asked to; with them stack traces name the sources. */
const starterOf = (name) => `process.setSourceMapsEnabled(true)\nawait import('./${name}-program.js')\n`

/** The servers. Packages stay outside: what runs for months is the version that `npm ls` and `npm audit` name. */
export async function bundlePrograms(repository, outdir) {
  const entries = Object.entries(programs).map(([name, file]) => [`${name}-program`, file])
  await build({
    ...shared(repository, outdir),
    entryPoints: Object.fromEntries(entries),
    packages: 'external',
  })
  for (const name of Object.keys(programs)) await writeFile(join(outdir, `${name}.js`), starterOf(name))
}

/**
 * Bundles lie in one folder, `dist/`; files that sources read beside themselves lie where they always do. So the folder of
 * a source is named from the root of the package.
 */
function foldersOfSources(repository) {
  return {
    name: 'folders-of-sources',
    setup({ onLoad }) {
      onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
        const folder = relative(repository, dirname(path))
        if (/^\.\.|^node_modules/.test(folder)) return undefined
        const source = await readFile(path, 'utf8')
        const contents = source.replaceAll('import.meta.dirname', `join_(root_, ${JSON.stringify(folder)})`)
        return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' }
      })
    },
  }
}
