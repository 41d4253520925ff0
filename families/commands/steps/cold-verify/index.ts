import { said } from '../../../../domain/words/said.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { FiguresDifferError } from '../../errors.ts'
import { compareStill } from '../../figures.ts'
import { type ColdVerifyParams, coldVerify } from './params.ts'

/** Carries {@link coldVerify} out. */
export const implementation = implementKind<ColdVerifyParams, null>(coldVerify, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ copy }) => [
    {
      do: 'procedure',
      name: 'verify',
      title: `compare ${Object.keys(copy).join(', ')}`,
      changesNothing: true,
    },
  ],
  async carryOut({ onDifference, ...figures }, _facts, _commands, context) {
    const { compared, differences, moved } = compareStill(figures)
    if (differences.length > 0 && onDifference === 'fail') throw new FiguresDifferError(differences)
    context.say(`${String(compared)} figures: ${differences.length === 0 ? 'equal' : 'DIFFERENT'}`)
    return {
      equal: differences.length === 0 && compared > 0,
      rows: compared,
      differences: [...differences, ...(compared === 0 ? moved : [])],
      notCompared: moved.length === 0 ? [] : [said('not-compared-figures', { figures: moved })],
    }
  },
})
