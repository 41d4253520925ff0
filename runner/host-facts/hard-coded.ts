import type { HardCoded } from '../../domain/assessment/host-facts.ts'
import { quoteAll } from '../ssh/quote.ts'
import { maskSecrets } from '../../domain/secret-text.ts'
import { pruneForeign } from './runtimes.ts'
import type { Topic } from './topic.ts'

const textFiles =
  'conf cfg cnf ini properties yml yaml xml json env toml config js mjs cjs ts py php java rb go sh jsp asp pl sql'
    .split(' ')
    .map((extension) => `-name '*.${extension}'`)
    .join(' -o ')

const generated = ['package-lock.json', 'yarn.lock', 'composer.lock', '*.min.js', '*.map']
  .map((name) => `! -name '${name}'`)
  .join(' ')

/** Folders in which people install things on servers. `/usr/bin` and the like are the same everywhere, and no obstacle. */
const movableRoots = [
  'home',
  'opt',
  'var',
  'usr/local',
  'data',
  'srv',
  'mnt',
  'media',
  'app',
  'apps',
  'etc',
  'tmp',
  'root',
  'export',
  'nfs',
  'www',
  'wwwroot',
  'u0[0-9]',
]

/** Cut to 500 bytes each, they fit into the 4 MiB a command may print. */
const mostLines = 8_000

/**
 * IP addresses and absolute paths written into the application's code and configuration. The host searches, lines
 * come back shortened, and secrets in them are masked before anything is kept.
 */
export function hardCodedTopic(
  directories: readonly string[],
  files: readonly string[],
): Topic<readonly HardCoded[]> {
  const address = String.raw`[0-9]{1,3}(\.[0-9]{1,3}){3}`
  const roots = [...movableRoots, ...rootsOf([...directories, ...files])].join('|')
  const path = String.raw`(^|[^A-Za-z0-9_./}-])/(${roots})/[A-Za-z0-9._-]`
  const pattern = quoteAll(['-e', address, '-e', path])
  const inDirectories =
    directories.length === 0
      ? ''
      : `find ${quoteAll(directories)} -maxdepth 8 ${pruneForeign} -type f \\( ${textFiles} -o -name '.env*' -o -path '*/bin/*' \\) ${generated} -size -1000 -exec grep -nHE ${pattern} {} + 2>/dev/null`
  const inFiles = files.length === 0 ? '' : `grep -nHE ${pattern} ${quoteAll(files)} 2>/dev/null`
  return {
    name: 'hard-coded',
    script: `echo @@unreadable
for tool in find grep cut head; do command -v "$tool" >/dev/null 2>&1 || echo "$tool"; done
for place in ${quoteAll([...directories, ...files])}; do [ -r "$place" ] || echo "$place"; done
echo @@lines\n{\n${inFiles}\n${inDirectories}\ntrue; } | cut -c 1-500 | head -n ${String(mostLines + 1)}\ntrue`,
    empty: [],
    gap(sections) {
      const missing = sections.lines('unreadable')
      const gaps = missing.length === 0 ? [] : [`not there or not readable: ${missing.join(', ')}`]
      if (sections.lines('lines').length > mostLines)
        gaps.push(`more than ${String(mostLines)} lines hold one; those after them were not read`)
      return gaps.length === 0 ? undefined : gaps.join('; ')
    },
    read(sections) {
      const seen = new Set<string>()
      const found: HardCoded[] = []
      for (const line of sections.lines('lines').slice(0, mostLines)) {
        const [, file, number, text] = /^(\/[^:]*):(\d+):(.*)$/.exec(line) ?? []
        if (file === undefined || text === undefined || seen.has(`${file}:${number ?? ''}`)) continue
        seen.add(`${file}:${number ?? ''}`)
        found.push(...matchesIn(text, roots).map((match) => ({ ...match, file, line: Number(number) })))
      }
      return found
    },
  }
}

/** The first folder of each place: the application's own home is movable wherever it is. */
function rootsOf(places: readonly string[]): string[] {
  const roots = places.map((place) => place.split('/')[1] ?? '')
  return [...new Set(roots)].filter((root) => /^[\w-]+$/.test(root) && !['usr', 'bin', 'lib'].includes(root))
}

function matchesIn(line: string, roots: string): Omit<HardCoded, 'file' | 'line'>[] {
  const masked = maskSecrets(line).trim()
  if (masked.startsWith('#!')) return []
  const text = masked.slice(0, 200)
  const addresses = [...masked.matchAll(/(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.-]*\d\.|[.\d])/g)]
    .map((match) => match[1] ?? '')
    .filter(isMachineAddress)
    .map((match) => ({ kind: 'ip-address' as const, match, text }))
  const paths = [...masked.matchAll(new RegExp(`(?<![\\w./}:-])/(?:${roots})/[\\w./-]*[\\w-]`, 'g'))].map(
    ([match]) => ({ kind: 'absolute-path' as const, match, text }),
  )
  const distinct = new Map([...addresses, ...paths].map((one) => [one.match, one]))
  return [...distinct.values()]
}

/** Not `0.0.0.0`, `127.0.0.1`, masks and numbers that only look like an address: those mean the same everywhere. */
function isMachineAddress(text: string): boolean {
  const bytes = text.split('.').map(Number)
  const [first = 0] = bytes
  return bytes.every((byte) => byte <= 255) && first !== 0 && first !== 255 && text !== '127.0.0.1'
}
