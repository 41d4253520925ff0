/**
 * Which way imports go between the rooms. Type-only imports count here; `.dependency-cruiser-reach.mjs` looks at
 * what a workflow reaches at run time.
 */
const rooms =
  'activities|api|bench|cli|config|console|domain|families|lab|moves|runner|soak|standalone|storage|test|workers|workflows'

/** The floors of domain/, lowest first; what lies at its root is below them all. */
const floors = ['measurement', 'playbook', 'ledger', 'plan', 'assessment', 'move', 'report', 'ports']

/** A floor imports itself and what is below it. */
const noImportGoesUp = floors.map((floor, index) => ({
  name: `domain-${floor}-imports-nothing-above`,
  severity: 'error',
  comment: `domain/ is built in floors (${floors.join(' < ')}): move the noun down, or the rule up.`,
  from: {
    path: `^domain/(${['[^/]+\\.ts$', ...floors.slice(0, index).map((name) => `${name}/`)].join('|')})`,
  },
  to: { path: `^domain/${floor}/` },
}))

/**
 * What says what kinds of steps and families there are, and what reads playbooks by it. It loads nothing that reaches a host
 * or a database: what carries kinds out hangs on dynamic imports.
 */
const declarations = [
  '^families/(index|family)\\.ts$',
  '^families/[^/]+/(declaration|method)\\.ts$',
  '^(runner|families/[^/]+)/steps/([^/]+/params|[a-z]+-params|index|declaration)\\.ts$',
  '^runner/language/',
  '^runner/http/expectation\\.ts$',
].join('|')

/** A room may import itself, the rooms named, and packages. */
function roomImportsOnly(room, allowed, comment) {
  const others = rooms.split('|').filter((name) => name !== room && !allowed.includes(name))
  return {
    name: `${room}-imports-only${allowed.map((name) => `-${name}`).join('')}`,
    severity: 'error',
    comment,
    from: { path: `^${room}/` },
    to: { path: `^(${others.join('|')})/` },
  }
}

export default {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'Two files that need each other are one file, or miss a third that both can import.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'Relative imports carry their .ts extension; packages stand in package.json.',
      from: { pathNot: '^lab/apps/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment:
        'Name the package in package.json (exact version); do not lean on what another package brought along.',
      from: { pathNot: '^lab/apps/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-package-in-the-product',
      severity: 'error',
      comment:
        'A package of the product has no development packages: move it to "dependencies", or the code to test/, lab/, bench/, soak/ or standalone/, which run from a checkout alone.',
      from: { path: `^(${rooms})/`, pathNot: '^(bench|lab|soak|standalone|test)/|^cli/qianyun\\.mjs$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment:
        'domain/ holds nouns and rules: zod, canonical JSON and nothing else. What touches the world goes to activities/, runner/ or storage/.',
      from: { path: '^domain/' },
      to: { pathNot: '^domain/|node_modules/(zod|canonicalize)/' },
    },
    {
      name: 'words-know-nothing',
      severity: 'error',
      comment:
        'domain/words/ is said by everybody, the page included: it imports nothing but itself. Give it values, not nouns.',
      from: { path: '^domain/words/' },
      to: { pathNot: '^domain/words/' },
    },
    roomImportsOnly(
      'config',
      ['domain'],
      'config/ is read before anything else exists: it may know domain/ only.',
    ),
    ...noImportGoesUp,
    roomImportsOnly(
      'families',
      ['domain', 'runner'],
      'families/ know one sort of dataset each: domain/, runner/ssh and runner/steps/kind.ts are theirs to use.',
    ),
    roomImportsOnly(
      'runner',
      ['domain', 'families'],
      'runner/ carries a playbook out on hosts: hand it what it needs as an argument.',
    ),
    roomImportsOnly(
      'storage',
      ['domain'],
      'storage/ knows SQL and domain/ only: orchestration belongs to activities/.',
    ),
    roomImportsOnly(
      'moves',
      ['domain', 'families', 'workflows'],
      'moves/ is called by the API and by activities alike: what it needs of storage is a port in domain/ports/, handed in by whoever calls.',
    ),
    roomImportsOnly(
      'activities',
      ['domain', 'families', 'moves', 'runner', 'workflows'],
      'activities/ join runner/, moves/ and domain/; storage comes in through createX(deps), as a port of domain/ports/: a runner may stand where no database is.',
    ),
    roomImportsOnly(
      'api',
      ['domain', 'config', 'families', 'moves', 'runner', 'storage', 'workflows'],
      'api/ reads storage/ and sends messages to workflows/: work on hosts belongs to activities/.',
    ),
    {
      name: 'api-reads-playbooks-only',
      severity: 'error',
      comment:
        'Of runner/ the API may import what reads a playbook (language/: parse, lint, json-schema) and the list of kinds (steps/index.ts). What carries steps out is reached through a workflow.',
      from: { path: '^api/' },
      to: {
        path: '^runner/',
        pathNot: '^runner/(language/(parse|lint|json-schema)|steps/index)\\.ts$',
      },
    },
    {
      name: 'a-family-knows-no-other',
      severity: 'error',
      comment:
        'A family must work without any other: what two of them need goes to families/family.ts, or to runner/.',
      from: { path: '^families/([^/]+)/' },
      to: { path: '^families/[^/]+/', pathNot: '^families/$1/' },
    },
    {
      name: 'only-the-list-names-families',
      severity: 'error',
      comment:
        'Reach a family through families/index.ts and the contract in families/family.ts: a new family is then its own folder and one line of the list. What is missing in the contract is added there, for all families.',
      from: {
        pathNot: '^families/([^/]+/|index\\.ts$)|^(bench|lab|soak|test)/',
      },
      to: { path: '^families/[^/]+/' },
    },
    {
      name: 'pg-stays-with-its-family',
      severity: 'error',
      comment:
        'Only families/postgresql and storage/ speak to PostgreSQL. Elsewhere take what they hand out: a handle of the family, the pool of storage/.',
      from: {
        path: `^(${rooms})/`,
        pathNot: '^(families/postgresql|storage|standalone|bench|lab|soak|test)/',
      },
      to: { path: 'node_modules/(@types/)?pg/' },
    },
    {
      name: 'mysql2-stays-with-its-family',
      severity: 'error',
      comment:
        'Only families/mysql speaks to MariaDB. Elsewhere take what it hands out: a handle of the family.',
      from: { path: `^(${rooms})/`, pathNot: '^(families/mysql|bench|lab|soak|test)/' },
      to: { path: 'node_modules/mysql2/' },
    },
    {
      name: 'families-use-little-of-the-runner',
      severity: 'error',
      comment:
        'Of runner/ a family may use what reaches hosts (ssh/, http/, host-facts/), what starts a program of its own (own-program.ts) and what kinds are made of (steps/: kind, declaration, implement-kind, carry-out, released). A run and other kinds are none of its business.',
      from: { path: '^families/' },
      to: {
        path: '^runner/',
        pathNot:
          '^runner/(ssh|http|host-facts)/|^runner/own-program\\.ts$|^runner/steps/(kind|declaration|implement-kind|carry-out|released)\\.ts$',
      },
    },
    {
      name: 'declarations-are-pure',
      severity: 'error',
      comment:
        'What a kind or a family says of itself (params.ts, declaration.ts) and what reads playbooks by it must load without SSH and databases: import zod, domain/, other declarations, and node:vm, which ends an expression that runs too long. What carries it out goes into index.ts, behind `load: () => import(…)`; types may come from anywhere.',
      from: { path: declarations },
      to: {
        pathNot: `${declarations}|^domain/|^vm$|node_modules/(zod|js-yaml|@marcbachmann/cel-js)/`,
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    roomImportsOnly(
      'workers',
      ['activities', 'config', 'domain', 'families', 'moves', 'runner', 'storage', 'workflows'],
      'workers/ are processes of the engine: they know nothing of api/, cli/ and console/.',
    ),
    roomImportsOnly(
      'standalone',
      ['api', 'config', 'domain', 'workers'],
      'standalone/ starts processes; what they do is theirs.',
    ),
    {
      name: 'cli-speaks-through-the-contract',
      severity: 'error',
      comment:
        'cli/ is a client of the API: import api/contract.ts (or its folder), config/, domain/duration.ts, domain/errors.ts, domain/wall-clock.js and domain/words/; anything else is reached over HTTP.',
      from: { path: '^cli/' },
      to: {
        path: `^(${rooms})/`,
        pathNot:
          '^(cli/|config/|api/contract(\\.ts|/)|domain/((duration|errors)\\.ts|wall-clock\\.js|words/))',
      },
    },
    {
      name: 'console-speaks-through-the-contract',
      severity: 'error',
      comment:
        'console/ runs in a browser: of this repository it may import api/contract.ts, domain/words/ and domain/wall-clock.js only.',
      from: { path: '^console/' },
      to: {
        path: `^(${rooms})/`,
        pathNot: '^(console/|api/contract(\\.ts|/)|domain/words/|domain/wall-clock\\.js)',
      },
    },
    {
      name: 'contract-stays-light',
      severity: 'error',
      comment:
        'The contract is shared with cli/ and console/: it may import domain/, zod and eventsource-parser only.',
      from: { path: '^api/contract(\\.ts|/)' },
      to: { pathNot: '^(api/contract(\\.ts|/)|domain/)|node_modules/(zod|eventsource-parser)/' },
    },
    {
      name: 'workflows-know-activities-by-type',
      severity: 'error',
      comment:
        "Use `import type` and proxyActivities: an activity's code must not enter the workflow bundle.",
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-import-only-domain',
      severity: 'error',
      comment: 'Rules come from domain/; what touches the world goes through activities/.',
      from: { path: '^workflows/' },
      to: { path: `^(${rooms})/`, pathNot: '^(workflows|domain|activities)/' },
    },
    {
      name: 'workflow-bundle-packages',
      severity: 'error',
      comment: 'Workflow code uses @temporalio/workflow and /common; of other packages only types.',
      from: { path: '^workflows/' },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/@temporalio/(workflow|common)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'callers-see-messages-only',
      severity: 'error',
      comment: "Import the workflow's messages.ts; of the workflow itself only its type.",
      from: { path: '^(activities|api|cli|moves|standalone)/' },
      to: {
        path: '^workflows/',
        pathNot: '^workflows/[^/]+/messages\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-imports-the-scaffolding',
      severity: 'error',
      comment: 'The product runs without test/, lab/, bench/, soak/ and standalone/, which stand around it.',
      from: { path: `^(${rooms})/`, pathNot: '^(bench|lab|soak|standalone|test)/' },
      to: { path: '^(bench|lab|soak|standalone|test)/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      comment: 'Move what is shared out of test/.',
      from: { pathNot: '^(bench|soak|test)/|^jest\\.config\\.mjs$' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules/\\.|\\.qianyun/|coverage/|dist/|lab/apps/)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    combinedDependencies: false,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.d.mts', '.mjs', '.js', '.json'],
    },
  },
}
