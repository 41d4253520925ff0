import { expect, it } from '@jest/globals'
import { chooseFreePorts } from '../../lab/loopback/ports.ts'

it('gives a lab no port that another one has chosen and not taken yet', async () => {
  const chosen = await chooseFreePorts('/same/place')
  const next = await chooseFreePorts('/same/place')
  expect(Object.values(next).filter((port) => Object.values(chosen).includes(port))).toEqual([])
})
