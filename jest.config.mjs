/** Packages that are published as ES modules only; jest loads CommonJS, so they are compiled like the product is. */
const esmOnly = [
  '@marcbachmann/cel-js',
  'ansi-regex',
  'ansi-styles',
  'canonicalize',
  'get-east-asian-width',
  'string-width',
  'strip-ansi',
  'wrap-ansi',
]

/**
 * What takes minutes of its own. `npm test` leaves it out and `npm test -- --slow` runs it alone; whoever names files gets those.
 * `npm run test:setup` runs test/machines, which makes whole machines, and what else tries the first contact.
 */
const slow = [
  '/test/lab/(mariadb|whole-move|move-of-mariadb|move-without-pooler|move-by-commands).test.ts$',
  '/test/(cli|console)/way-back.test.ts$',
  '/test/activities/forward-watch.test.ts$',
  '/test/soak/',
  '/test/bench/',
  '/test/security/canaries.test.ts$',
  '/test/standalone/(compose-engine|start-killed|upgrade).test.ts$',
  '/test/build/package.test.ts$',
  '/test/families/files/attributes.test.ts$',
  '/test/families/mysql/(conformance|frozen-looks|lost-sides|rehearsal|switch|verify).test.ts$',
  '/test/families/postgresql/(conformance|containers|copies-refused|direct/\\w+|differences/(retention|switch)|elsewhere|faults|frozen-looks|given-up|handed-over|hazards-\\d+|hostile|icu-versions|killed|logins|lost-parts|outage|managed|managed-conformance|own-database|pgbouncer/processes|promoted|rearm-missing|recovered|rehearsal-ends|reopen|schema-change|settled|strangers|tables-that-come-and-go|together|unlike-sides|waits|ways-on).test.ts$',
]
const named = process.argv.slice(2).some((argument) => !argument.startsWith('-'))
const onlySlow = process.env.QIANYUN_TESTS === 'slow'

/** A pattern of paths, of test files only. */
function inTests(path) {
  return path.endsWith('$') ? path : `${path}.*\\.test\\.ts$`
}

export default {
  testEnvironment: '<rootDir>/test/support/environment.ts',
  roots: ['<rootDir>/test'],
  testRegex: !named && onlySlow ? slow.map(inTests) : ['\\.test\\.ts$'],
  testPathIgnorePatterns: ['/node_modules/', ...(named || onlySlow ? [] : [...slow, '/test/machines/'])],
  // More than two cores' worth: most files wait for hosts and workflows longer than they compute.
  maxWorkers: 3,
  testTimeout: 60_000,
  transform: {
    '\\.(ts|mjs|js)$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^canonicalize$': '<rootDir>/node_modules/canonicalize/lib/canonicalize.js' },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
}
