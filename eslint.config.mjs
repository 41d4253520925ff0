import prettier from 'eslint-config-prettier'
import jest from 'eslint-plugin-jest'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const sandboxGlobals = [
  ['fetch', 'Call it from an activity.'],
  ['process', 'Take configuration in the workflow input.'],
  ['Buffer', 'Use TextEncoder, or do it in an activity.'],
  ['crypto', 'Digest and sign in an activity; ids come from the state.'],
  ['structuredClone', 'The workflow sandbox does not have it.'],
  ['performance', 'Use Date.now(), which the workflow sandbox makes deterministic.'],
  ['setImmediate', 'The workflow sandbox does not have it.'],
].map(([name, message]) => ({ name, message }))

/** Repeated wherever a narrower set of files adds to it: a later entry replaces an earlier one whole. */
const refusedSyntax = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  { selector: 'TSModuleDeclaration[declare!=true]', message: 'Use a module of its own.' },
]

const sentenceSyntax = {
  selector:
    "ClassDeclaration[superClass.name='QianyunError'] CallExpression[callee.type='Super'][arguments.0.type=/^(Literal|TemplateLiteral|ConditionalExpression|BinaryExpression)$/]",
  message: 'A sentence stands in domain/words, in both languages: super(said(code, values)).',
}

/** A program's own words are at its terminal too; the last line of the tests and a command that runs are no sentences. */
const terminalSentence = String.raw`/[A-Za-z]{2,}[^a-z]* [a-z]{2,}/`
const terminalSyntax = ['value', 'quasis.0.value.raw', 'quasis.1.value.raw'].flatMap((text) =>
  [
    `CallExpression[callee.name=/^(say|note|step|tell)$/]`,
    `CallExpression[callee.property.name=/^(say|log|error)$/]`,
    `CallExpression[callee.type='Super']`,
    `NewExpression[callee.name='SetupError']`,
  ].map((call) => ({
    selector: `${call}[arguments.0.${text}=${terminalSentence}]`,
    message:
      'What a start, the demo or the set-up says stands in standalone/sentences.ts, lab/demo/sentences.ts or setup/words.mjs, in both languages.',
  })),
)

const checks = '/^(regex|refine|min|max|check|superRefine)$/'
const text = '/^(Literal|TemplateLiteral)$/'
/** The English of a check is no sentence of its own: by it, or by its `params`, the reader's language is found. */
const checkSyntax = [
  `CallExpression[callee.property.name=${checks}][arguments.1.value=/[a-z] /]`,
  `CallExpression[callee.property.name=${checks}][arguments.1.type='TemplateLiteral']`,
  `CallExpression[callee.property.name=${checks}] > ObjectExpression > Property[key.name=/^(message|error)$/][value.type=${text}]`,
  `ObjectExpression:has(> Property[key.name='code'][value.value='custom']) > Property[key.name='message'][value.type=${text}]`,
  `ObjectExpression:has(> Property[key.name='path']) > Property[key.name='message'][value.type=${text}]`,
].map((selector) => ({
  selector,
  message:
    'What is wrong with an input stands in domain/words, in both languages: wanted(code) or saying(said(…)) in a check of a schema, problemAt(path, said(…)) elsewhere.',
}))

const han = String.raw`\u3400-\u9fff`
const hanSyntax = {
  selector: `:matches(Literal[value=/[${han}]/], TemplateElement[value.raw=/[${han}]/])`,
  message:
    'What people read in Chinese stands in domain/words, beside its English; the rules of a family, titles of kinds and families, and the messages of command line and page alone bring their own.',
}

/** Where Chinese is read from people, not said to them, or is a name; and what speaks before the catalogue can be asked. */
const chineseOfTheirOwn = [
  'soak/hostile/*.ts',
  'domain/words/**',
  'families/*/{rules,census}/**',
  '**/{params,declaration}.ts',
  'cli/messages/**',
  // yargs keeps its sentences by its own English.
  'cli/command-line/yargs-strings.ts',
  'console/text.js',
  // What departments write into cells and over columns, and what secrets are called.
  'domain/ledger/{cells,columns}.ts',
  'domain/secret-text.ts',
  // At the terminal of one machine, before there is a server; names of the lab's people.
  'standalone/{sentences,accounts}.ts',
  'standalone/setup/{words.mjs,usage.mjs,first.cjs}',
  'lab/**',
  'test/**',
]

const familyless = '{domain,workflows,activities,moves,api,cli,console}/**/*.ts'
/** domain/playbook/does.ts is free of it: the one table of what the kinds do that outcomes on record name. */
const kindSyntax = {
  selector: ':matches(Literal[value=/^postgres-/], TemplateElement[value.raw=/^postgres-/])',
  message:
    'Nobody but its family knows a kind by its name: ask what a step does (doneIn, in domain/playbook/does.ts).',
}

export default defineConfig(
  globalIgnores(['node_modules/', '.qianyun/', 'coverage/', 'dist/', 'lab/apps/**']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // `env['NAME']` is what noPropertyAccessFromIndexSignature-minded readers write; both forms are clear.
      '@typescript-eslint/dot-notation': 'off',
      // An async function without await turns its throws into rejections, which is what its interface promises.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', ...refusedSyntax, hanSyntax, sentenceSyntax, ...checkSyntax],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['{cli,lab,bench,soak,standalone}/**/*.ts', 'test/support/servers/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    rules: { 'no-restricted-syntax': ['error', hanSyntax] },
  },
  {
    files: ['standalone/**/*.{ts,mjs}'],
    rules: { 'no-restricted-syntax': ['error', ...refusedSyntax, hanSyntax, ...terminalSyntax] },
  },
  {
    files: chineseOfTheirOwn,
    rules: { 'no-restricted-syntax': ['error', ...refusedSyntax, ...checkSyntax] },
  },
  {
    files: ['lab/demo/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...refusedSyntax, ...checkSyntax, ...terminalSyntax] },
  },
  {
    files: [familyless],
    ignores: ['domain/playbook/does.ts', ...chineseOfTheirOwn],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...refusedSyntax,
        hanSyntax,
        sentenceSyntax,
        ...checkSyntax,
        kindSyntax,
      ],
    },
  },
  {
    files: chineseOfTheirOwn.map((files) => [familyless, files]),
    rules: { 'no-restricted-syntax': ['error', ...refusedSyntax, ...checkSyntax, kindSyntax] },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...sandboxGlobals],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^node:',
              message: 'Workflows are replayed: what touches the machine belongs into an activity.',
            },
            {
              regex: '^zod',
              allowTypeImports: true,
              message: 'zod is evaluated anew for every run; parse at the door, not in a workflow.',
            },
            {
              regex: '^@temporalio/(client|worker|activity|testing)',
              message: 'Not part of the workflow bundle.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended'], jest.configs['flat/style']],
    rules: {
      'no-restricted-syntax': ['error', ...refusedSyntax],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'assert*', 'fc.assert'] }],
      'jest/valid-title': ['error', { mustNotMatch: { it: ['\\bshould\\b', 'Say what happens.'] } }],
      'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['afterEach', 'afterAll'] }],
    },
  },
  {
    // Suites that files of tests call: not such files themselves.
    files: [
      'test/families/conformance.ts',
      'test/families/postgresql/hazard-lab.ts',
      'test/lab/whole-move-of.ts',
    ],
    rules: { 'jest/no-export': 'off' },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.strict],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  prettier,
)
