import { parseArgs } from 'node:util'
import { z } from 'zod'
import { loadConfig } from '../config/config.ts'
import { QianyunError } from '../domain/errors.ts'
import { Identifier } from '../domain/identifier.ts'
import { roles } from '../domain/organisation.ts'
import { schemaProblems } from '../domain/schema-problems.ts'
import { nameOf, say } from '../domain/words/said.ts'
import { addAccount, credentialFiles, type NewAccount } from './accounts.ts'
import { homeLayout } from './layout.ts'
import { assertDatabaseReachable } from './postgres.ts'
import { language, says } from './sentences.ts'

const AccountInput = z.strictObject({
  account: Identifier,
  role: z.enum(roles),
  organisation: Identifier,
  name: z.string().trim().min(1).max(100).exactOptional(),
  programme: Identifier.exactOptional(),
  departments: z.array(Identifier).min(1).exactOptional(),
})

/** Adds an account on the machine of the server, as the owner of the tables: no process of the product may. */
async function main(args: string[]): Promise<void> {
  const person = personIn(args)
  if (person === undefined) return
  const config = loadConfig()
  await assertDatabaseReachable(config.databaseUrl)
  await addAccount(config, person)
  const { token, key } = credentialFiles(homeLayout(config.home).accounts, person.account)
  const role = nameOf(language, 'role', person.role)
  console.log(says.accountAdded(person.account, role, person.organisation))
  console.log(says.accountFiles(token, key))
}

/** Undefined when help was asked for, or the arguments make no account; why not has been said. */
function personIn(args: string[]): NewAccount | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      role: { type: 'string' },
      organisation: { type: 'string' },
      name: { type: 'string' },
      programme: { type: 'string' },
      department: { type: 'string', multiple: true },
      lang: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [verb, account, ...more] = positionals
  if (values.help || verb !== 'add' || more.length > 0) {
    console.log(says.accountUsage)
    if (!values.help) process.exitCode = 1
    return undefined
  }
  const { lang: _lang, help: _help, department: departments, ...given } = values
  const input = { account, ...given, ...(departments === undefined ? {} : { departments }) }
  const parsed = AccountInput.safeParse(input)
  if (!parsed.success) {
    const problems = schemaProblems(parsed.error.issues, input).map(
      ({ path, said }) => `${path} ${say(language, said)}`,
    )
    console.error(says.accountNot(problems.join('; ')))
    process.exitCode = 1
    return undefined
  }
  return personOf(parsed.data)
}

function personOf({ programme, departments, ...who }: z.infer<typeof AccountInput>): NewAccount {
  const person = { name: who.account, ...who }
  if (programme === undefined && departments === undefined) return person
  return { ...person, scope: { programme: programme ?? who.organisation, departments: departments ?? '*' } }
}

function explain(error: unknown): unknown {
  if (error instanceof QianyunError)
    return error.told === undefined ? error.message : say(language, error.told, error.message)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return error instanceof Error && code.startsWith('ERR_PARSE_ARGS')
    ? `${error.message}\n${says.accountUsage}`
    : error
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}
