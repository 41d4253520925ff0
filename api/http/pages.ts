import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { names, sentences } from '../../domain/words/catalogue.ts'
import { pagePolicy } from './security-headers.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

const packageFolder = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/** What the pages import from outside their folder, by the name it is served under; the import map of `index.html` tells it. */
const imported: Readonly<Record<string, () => Buffer | string>> = {
  'follow-stream.mjs': () => readFileSync(join(import.meta.dirname, '../contract/follow-stream.mjs')),
  'next-commands.mjs': () => readFileSync(join(import.meta.dirname, '../contract/next-commands.mjs')),
  'eventsource-parser.js': () => readFileSync(join(packageFolder('eventsource-parser'), 'dist/index.js')),
  'wall-clock.js': () => readFileSync(join(import.meta.dirname, '../../domain/wall-clock.js')),
  'fill.js': () => readFileSync(join(import.meta.dirname, '../../domain/words/fill.js')),
  'catalogue.js': () =>
    `export const names = ${JSON.stringify(names)}\nexport const sentences = ${JSON.stringify(sentences)}\n`,
}

/**
 * Serves the pages: `index.html` at `/`, every other file at its path in the folder. Each file found now becomes a route
 * of its own, so that no path of a request ever reaches the file system. The pages hold nothing secret; what they show
 * they ask the API for, with the token of whoever looks.
 */
export function servePages(app: FastifyInstance, folder: string): void {
  const policy = pagePolicy(importMapOf(folder))
  const files = filesOf(folder).map((path) => [path, () => readFileSync(join(folder, path))] as const)
  for (const [path, read] of [...files, ...Object.entries(imported)]) {
    const type = contentTypes[extname(path)]
    if (type === undefined) continue
    const url = path === 'index.html' ? '/' : `/${path}`
    app.get(url, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(type)
        .header('content-security-policy', policy)
        .header('cache-control', 'no-cache')
        .send(read()),
    )
  }
}

/** The text between the tags of the one inline script: browsers take import maps from nowhere else. */
function importMapOf(folder: string): string {
  const page = join(folder, 'index.html')
  if (!existsSync(page)) return ''
  return /<script type="importmap">([^<]*)</.exec(readFileSync(page, 'utf8'))?.[1] ?? ''
}

function filesOf(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}
