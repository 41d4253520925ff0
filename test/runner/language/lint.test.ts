import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { lintPlaybook } from '../../../runner/language/lint.ts'
import { playbookJsonSchema } from '../../../runner/language/json-schema.ts'

const head = 'playbook: test\ntitle: { zh: 测试, en: Test }\n'

function problems(text: string): readonly string[] {
  return lintPlaybook(text).problems.map(({ path, message }) => `${path} ${message}`)
}

describe('a playbook', () => {
  it('that is right has no problems', () => {
    const text = `${head}inputs: { here: { type: host } }
steps:
  - { id: look, kind: command, host: here, with: { argv: [uname, -r], changesNothing: true } }
  - { id: tell, kind: assert, when: 'steps.look.result.exitCode == 0', with: { that: ['steps.look.result.stdout != ""'] } }
`
    expect(problems(text)).toEqual([])
  })

  it.each([
    [
      'of an unknown kind',
      '- { id: a, kind: comand }',
      ['steps.a.kind is the unknown kind "comand"; did you mean "command"?'],
    ],
    ['of a kind like no other', '- { id: a, kind: zzzzzzzzzzz }', ['expected one of assert, cold-copy']],
    ['without what its kind needs', '- { id: a, kind: command, with: { argv: [x] } }', ['steps.a.with.host']],
    [
      'with a wrong type',
      '- { id: a, kind: command, host: target, with: { argv: x, okExitCodes: many } }',
      ['steps.a.with.argv', 'steps.a.with.okExitCodes'],
    ],
    [
      'with an unknown parameter beside an expression',
      "- { id: a, kind: command, host: target, with: { argv: ['${system}'], crates: /x } }",
      ['crates'],
    ],
    [
      'with a NUL in a value',
      '- { id: a, kind: command, host: target, with: { argv: ["x\\0"] } }',
      ['steps.0.with.argv.0 holds a NUL byte'],
    ],
    [
      'with half of a character in a name',
      '- { id: a, kind: command, host: target, with: { "\\ud83d": [x] } }',
      ['steps.0.with.(a name) holds half of a character'],
    ],
    ['twice under one id', '- { id: a, kind: task }\n  - { id: a, kind: task }', ['is "a" a second time']],
    [
      'on a host nothing binds',
      '- { id: a, kind: command, host: nowhere, with: { argv: [x] } }',
      ['a host nothing binds'],
    ],
    [
      'on a host where the kind has none',
      '- { id: a, kind: task, host: target }',
      ['is not carried out on one host'],
    ],
    [
      'with a host only its parameters name',
      '- { id: a, kind: sync-files, with: { from: { host: far, path: /a }, to: { host: target, path: /b } } }',
      ['is "far", a host nothing binds'],
    ],
    [
      'with an expression that does not parse',
      "- { id: a, kind: command, host: target, with: { argv: ['${inputs.}'] } }",
      ['steps.a.with.argv.0 holds the expression'],
    ],
    [
      'with a condition that does not parse',
      "- { id: a, kind: task, when: '1 +' }",
      ['steps.a.when holds the expression'],
    ],
    [
      'looking at a later step',
      "- { id: a, kind: assert, with: { that: ['steps.b.result.x'] } }\n  - { id: b, kind: task }",
      ['looks at the step "b", which does not come before'],
    ],
    [
      'with an input nobody declared',
      "- { id: a, kind: command, host: target, with: { argv: ['${inputs.size}'] } }",
      ['uses the input "size", which the playbook does not declare'],
    ],
    [
      'with a database nothing binds',
      "- { id: a, kind: command, host: target, with: { argv: ['${databases.other.port}'] } }",
      ['is "other", a database nothing binds'],
    ],
    [
      'with an undeclared secret',
      '- { id: a, kind: file, host: target, with: { path: /etc/x, secret: root-password } }',
      ['names the secret "root-password", which the playbook does not declare'],
    ],
  ])('with a step %s is refused', (_name, steps, expected) => {
    const found = problems(`${head}steps:\n  ${steps}\n`).join('\n')
    for (const one of expected) expect(found).toContain(one)
  })

  it('may use files that are in its folder, and no others', () => {
    const text = `${head}inputs: { at: { type: path } }
steps:
  - { id: a, kind: file, host: target, with: { path: '\${inputs.at}', template: etc/a.conf } }
`
    expect(lintPlaybook(text, { files: ['playbook.yaml', 'etc/a.conf'] }).problems).toEqual([])
    expect(lintPlaybook(text, { files: ['playbook.yaml', 'b.conf'] }).problems).toMatchObject([
      {
        path: 'steps.a.with.template',
        message: 'is "etc/a.conf", which is not in the folder; expected one of "playbook.yaml", "b.conf"',
      },
    ])
  })

  it('is told everything at once', () => {
    const found = problems(`${head}steps:
  - { id: a, kind: comand }
  - { id: b, kind: command, host: nowhere, when: '(', with: { argv: [], nonsense: 1 } }
`)
    expect(found).toHaveLength(5)
  })

  it('does not judge the type of what is only known when it runs', () => {
    const text = `${head}inputs: { codes: { type: number } }
steps:
  - { id: a, kind: command, host: target, with: { argv: [x], okExitCodes: ['\${inputs.codes}'] } }
`
    expect(problems(text)).toEqual([])
  })

  it('leaves shell text alone: its ${…} is the shell’s', () => {
    const text = `${head}steps:
  - { id: a, kind: command, host: target, with: { script: 'echo "\${HOME}" \${x:-1}', unless: 'test -n "\${HOME}"' } }
`
    expect(problems(text)).toEqual([])
  })
})

describe('a text that is no playbook', () => {
  const laughs = `a: &a [x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n`
  it.each([
    ['a bomb of aliases', laughs, 'alias'],
    ['a bomb of nesting', '['.repeat(3_000), 'maxDepth'],
    [
      'a deep mapping',
      Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'maxDepth',
    ],
    ['a huge one', `playbook: ${'x'.repeat(300_000)}`, 'expected at most 262144'],
    ['a key twice', 'playbook: a\nplaybook: b\n', 'duplicated mapping key'],
    ['__proto__', 'playbook: a\n__proto__: { isAdmin: true }\n', '"__proto__"'],
    ['constructor, deep inside', 'steps: [{ with: { constructor: { prototype: 1 } } }]\n', '"constructor"'],
    ['a tag', 'playbook: !!js/function "x"\n', 'unknown'],
    ['a merge', 'playbook: a\n<<: { title: x }\n', '<<'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'single document'],
    ['nothing', '', ''],
    ['a number', '42', 'must be a mapping, found "42"'],
    ['a list', '[]', 'must be a mapping, found a list'],
    ['a NUL byte', 'playbook: "\0"\n', ''],
  ])('is refused: %s', (_name, text, reason) => {
    const found = problems(text)
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).toContain(reason)
  })

  it('never does harm, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(Array.isArray(lintPlaybook(text).problems)).toBe(true)
      }),
      { numRuns: 500 },
    )
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })
})

it('has a JSON Schema that names every kind and leaves room for expressions', () => {
  const text = JSON.stringify(playbookJsonSchema())
  for (const kind of ['command', 'sync-files', 'task', 'assert']) expect(text).toContain(`"const":"${kind}"`)
  expect(text).toContain(JSON.stringify(String.raw`\$\{`))
})
