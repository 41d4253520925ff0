import { endOfLife } from '../../domain/assessment/end-of-life.ts'
import type { RuntimeFacts } from '../../domain/assessment/host-facts.ts'
import { quoteAll } from '../ssh/quote.ts'
import type { Topic } from './topic.ts'

const versionFiles = [
  '.nvmrc',
  '.node-version',
  '.python-version',
  '.php-version',
  '.java-version',
  '.tool-versions',
  '.sdkmanrc',
  'runtime.txt',
  'package.json',
  'app.json',
  'composer.json',
  'pom.xml',
  'build.gradle',
  'pyproject.toml',
  'setup.cfg',
  'Pipfile',
  'Dockerfile',
  'system.properties',
]

/** Folders with code that is not the application's own. */
const foreignFolders = [
  'node_modules',
  '.git',
  '.svn',
  'vendor',
  'venv',
  '.venv',
  'site-packages',
  '__pycache__',
]

/** A `find` expression that skips folders of foreign code. */
export const pruneForeign = `\\( ${foreignFolders.map((name) => `-name ${name}`).join(' -o ')} \\) -prune -o`

/** What a host is asked for, and what is read of an answer: it may hold more. */
const [mostFiles, mostBytes, mostScripts] = [60, 20_000, 200]

/** Language runtimes: what the application's files declare, and what is installed. */
export function runtimesTopic(directories: readonly string[]): Topic<readonly RuntimeFacts[]> {
  const places = quoteAll(directories)
  const files = versionFiles.map((name) => `-name ${name}`).join(' -o ')
  const look =
    directories.length === 0
      ? ''
      : `
find ${places} -maxdepth 5 ${pruneForeign} -type f \\( ${files} \\) -size -400 -print 2>/dev/null | head -n ${String(mostFiles)} |
while IFS= read -r file; do echo "@@file $file"; head -c ${String(mostBytes)} "$file" 2>/dev/null | sed 's/^@@/ &/'; echo; done
find ${places} -maxdepth 5 ${pruneForeign} -type f \\( -perm -100 -o -path '*/bin/*' \\) -size -2000 -print 2>/dev/null | head -n ${String(mostScripts)} |
while IFS= read -r file; do
  case $(head -c 2 "$file" 2>/dev/null | tr -d '\\000') in '#!') echo "@@script $file"; head -n 4 "$file" | cut -c 1-300 ;; esac
done`
  return {
    name: 'runtimes',
    script: `${look}
echo @@installed
node --version 2>/dev/null | sed 's/^/node /'
java -version 2>&1 | sed -n 's/^.* version "\\([^"]*\\)".*/java \\1/p'
php -v 2>/dev/null | sed -n 's/^PHP \\([0-9.]*\\).*/php \\1/p'
for python in python3 python2; do $python --version 2>&1 | sed -n 's/^Python /python /p'; done
true`,
    empty: [],
    read(sections) {
      const declared = [
        ...sections
          .each('file')
          .slice(0, mostFiles)
          .flatMap(([file, lines]) => declaredIn(file, lines.join('\n').slice(0, mostBytes))),
        ...sections
          .each('script')
          .slice(0, mostScripts)
          .flatMap(([file, lines]) => declaredByScript(file, lines)),
      ]
      const installed = sections.lines('installed').map((line) => {
        const [language = '', version = ''] = line.trim().split(/\s+/)
        return runtime(language, version, 'installed', false)
      })
      return [...declared, ...installed].slice(0, 100)
    },
  }
}

function runtime(language: string, version: string, source: string, declared: boolean): RuntimeFacts {
  const plain = version.replace(/^v/, '')
  const date = endOfLife(language, plain)
  return { language, version: plain, source, declared, ...(date !== undefined && { endOfLife: date }) }
}

const named: Readonly<Record<string, string>> = {
  node: 'node',
  nodejs: 'node',
  java: 'java',
  openjdk: 'java',
  jdk: 'java',
  php: 'php',
  python: 'python',
}

/** `node-12`, `python-2.7.18`, `nodejs 12.22.1`, `openjdk:8-jre`. */
const nameAndVersion = /\b(node|nodejs|java|openjdk|jdk|php|python)[-:=@ ]v?(\d+(?:\.\d+)*)/i

/** Per file name, how a version is written in it: the first number of a range is the least the application accepts. */
const patterns: Readonly<Record<string, readonly (readonly [language: string, pattern: RegExp])[]>> = {
  '.nvmrc': [['node', /^v?(\d[\d.]*)/m]],
  '.node-version': [['node', /^v?(\d[\d.]*)/m]],
  '.python-version': [['python', /^(\d[\d.]*)/m]],
  '.php-version': [['php', /^(\d[\d.]*)/m]],
  '.java-version': [['java', /(\d[\d.]*)/]],
  'package.json': [['node', /"engines"\s*:\s*\{[^}]*"node"\s*:\s*"[^"\d]*(\d[\d.]*)/]],
  'composer.json': [['php', /"require"\s*:\s*\{[^}]*"php"\s*:\s*"[^"\d]*(\d[\d.]*)/]],
  'pom.xml': [['java', /<(?:java\.version|maven\.compiler\.(?:source|release))>\s*(\d[\d.]*)/]],
  'build.gradle': [['java', /(?:sourceCompatibility|languageVersion)\s*=?.*?(\d[\d.]*)/]],
  'system.properties': [['java', /java\.runtime\.version\s*=\s*(\d[\d.]*)/]],
  'pyproject.toml': [['python', /(?:requires-python|^python)\s*=\s*"[^"\d]*(\d[\d.]*)/m]],
  'setup.cfg': [['python', /python_requires\s*=\s*\D*(\d[\d.]*)/]],
  Pipfile: [['python', /python_version\s*=\s*"(\d[\d.]*)/]],
}

function declaredIn(file: string, text: string): RuntimeFacts[] {
  const base = file.split('/').at(-1) ?? file
  const found = (patterns[base] ?? []).flatMap(([language, pattern]) => {
    const version = pattern.exec(text)?.[1]
    return version === undefined ? [] : [runtime(language, version, file, true)]
  })
  if (found.length > 0) return found
  const relevant = {
    'app.json': /"runtime"\s*:\s*"[^"]*"/.exec(text)?.[0],
    Dockerfile: /^FROM\s.*$/m.exec(text)?.[0],
    '.tool-versions': text,
    '.sdkmanrc': text,
    'runtime.txt': text,
  }[base]
  return relevant === undefined ? [] : byName(relevant, file)
}

/** `#!/usr/bin/python2`, or a comment such as `# runtime=node-12` below the first line. */
function declaredByScript(file: string, lines: readonly string[]): RuntimeFacts[] {
  const interpreter = /^#!.*\b(node|php|python)(\d+(?:\.\d+)*)/.exec(lines[0] ?? '')
  if (interpreter?.[1] !== undefined && interpreter[2] !== undefined) {
    return [runtime(interpreter[1], interpreter[2], file, true)]
  }
  const comment = lines.slice(1).find((line) => /^\s*#.*\bruntime\b/i.test(line))
  return comment === undefined ? [] : byName(comment, file)
}

function byName(text: string, file: string): RuntimeFacts[] {
  const [, name, version] = nameAndVersion.exec(text) ?? []
  const language = named[name?.toLowerCase() ?? '']
  return language === undefined || version === undefined ? [] : [runtime(language, version, file, true)]
}
