import { builtinModules } from 'node:module'

import architecture from './.dependency-cruiser.mjs'

/**
 * What a workflow reaches at run time, through however many files. Type-only imports are left out: with them counted,
 * every `import type` of an activity would be an alarm.
 */
export default {
  forbidden: [
    {
      name: 'workflows-reach-no-other-room',
      severity: 'error',
      comment:
        'Through the chain shown, code that touches the world would enter the workflow bundle. Cut the chain: pass the value in, or split the pure rule into a file of its own in domain/.',
      from: { path: '^workflows/' },
      to: {
        path: '^(activities|api|bench|cli|config|console|families|lab|moves|runner|standalone|storage|test|workers)/',
        reachable: true,
      },
    },
    {
      name: 'workflows-reach-no-node-module',
      severity: 'error',
      comment:
        'A built-in of Node breaks the workflow bundle and replay. Split the pure part into a file of its own.',
      from: { path: '^workflows/' },
      to: { path: `^(node:)?(${builtinModules.join('|')})$`, reachable: true },
    },
    {
      name: 'workflows-reach-no-zod',
      severity: 'error',
      comment:
        'zod costs every workflow run megabytes and 100 ms. Keep the schema and the pure rule in two files of domain/, and import the rule.',
      from: { path: '^workflows/' },
      to: { path: 'node_modules/(zod|ajv|fastify|pg|ssh2)/', reachable: true },
    },
  ],
  options: { ...architecture.options, tsPreCompilationDeps: false },
}
