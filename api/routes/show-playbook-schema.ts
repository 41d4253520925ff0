import { playbookJsonSchema } from '../../runner/language/json-schema.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'

export const showPlaybookSchema = handle(routes.playbookSchema, async () => playbookJsonSchema())
