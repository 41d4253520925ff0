import { Dice } from '../dice.ts'
import { fuzzLanguages } from './languages.ts'

/** Reads mangled texts, seed and count by its arguments, and says each portion it is through with. The last line is the result. */
const [seed, count] = process.argv.slice(2).map(Number)
const dice = new Dice(seed ?? 1)
let attacks = 0
const succeeded: string[] = []
while (attacks < (count ?? 0)) {
  const tried = await fuzzLanguages(dice, Math.min(500, (count ?? 0) - attacks))
  attacks += tried.attacks
  succeeded.push(...tried.succeeded)
  console.log(JSON.stringify({ attacks, succeeded }))
}
