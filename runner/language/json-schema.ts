import { z } from 'zod'
import { Playbook } from '../../domain/playbook/playbook.ts'
import { stepKinds } from '../steps/index.ts'
import { type StepDeclaration, takenAsWritten } from '../steps/declaration.ts'
import { takesHost } from './step-params.ts'

type JsonSchema = Record<string, unknown>

const expression: JsonSchema = {
  type: 'string',
  pattern: String.raw`\$\{`,
  description: 'A text with ${…}: CEL, filled in when the step runs',
}

/** The JSON Schema of a playbook, with the parameters of every kind, for editors. */
export function playbookJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(Playbook, { io: 'input' }) as unknown as JsonSchema & {
    properties: { steps: { items: JsonSchema & { properties: JsonSchema } } }
  }
  const step = schema.properties.steps.items
  const kinds = [...stepKinds.values()]
  step.properties['kind'] = { enum: kinds.map(({ name }) => name) }
  step['allOf'] = kinds.map((kind) => ({
    if: { properties: { kind: { const: kind.name } } },
    then: {
      properties: { with: { ...paramsSchema(kind), description: `${kind.title.zh} / ${kind.title.en}` } },
    },
  }))
  return { title: 'Qianyun playbook', ...schema }
}

function paramsSchema(kind: StepDeclaration<unknown>): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(kind.params, {
    io: 'input',
    unrepresentable: 'any',
  })
  const { properties, required, ...rest } = schema as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  if (properties === undefined) return rest
  const written = takenAsWritten(kind)
  const open = Object.entries(properties).map(([name, property]) => [
    name,
    written.includes(name) ? property : orExpression(property),
  ])
  // The step's own `host:` is passed to the kind.
  const needed = takesHost(kind) ? (required ?? []).filter((name) => name !== 'host') : (required ?? [])
  return {
    ...rest,
    properties: Object.fromEntries(open) as JsonSchema,
    ...(needed.length === 0 ? {} : { required: needed }),
  }
}

/** Permits an expression in place of a value, unless the schema accepts any text anyway. */
function orExpression(schema: JsonSchema): JsonSchema {
  const inner = withInnerExpressions(schema)
  return schema['type'] === 'string' &&
    schema['pattern'] === undefined &&
    schema['format'] === undefined &&
    schema['enum'] === undefined
    ? inner
    : { anyOf: [inner, expression] }
}

function withInnerExpressions(schema: JsonSchema): JsonSchema {
  const changed: JsonSchema = { ...schema }
  const { properties, items, additionalProperties } = schema as {
    properties?: Record<string, JsonSchema>
    items?: unknown
    additionalProperties?: unknown
  }
  if (properties !== undefined) {
    changed['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, orExpression(property)]),
    )
  }
  if (isSchema(items)) changed['items'] = orExpression(items)
  if (isSchema(additionalProperties)) changed['additionalProperties'] = orExpression(additionalProperties)
  return changed
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
