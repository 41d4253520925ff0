import { z } from 'zod'
import { PlanInputV2 } from '../../domain/plan/plan.ts'
import { families } from '../../families/index.ts'

type JsonSchema = Record<string, unknown>

/** The JSON Schema of a plan as it is written (version 2), with the places of every family of datasets, for editors. */
export function planJsonSchema(): JsonSchema {
  const schema = jsonSchema(PlanInputV2) as unknown as {
    properties: { datasets: { additionalProperties: JsonSchema & { properties: JsonSchema } } }
  }
  const dataset = schema.properties.datasets.additionalProperties
  dataset.properties['family'] = { enum: families.map(({ name }) => name) }
  dataset['allOf'] = families.map(({ name, title, place }) => {
    const { $schema: _dialect, ...side } = jsonSchema(place)
    const described = { ...side, description: `${title.zh} / ${title.en}` }
    return {
      if: { properties: { family: { const: name } } },
      then: { properties: { source: described, staging: described, target: described } },
    }
  })
  return { title: 'Qianyun migration plan', ...schema }
}

const jsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
