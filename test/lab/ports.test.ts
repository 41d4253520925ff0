import { expect, it } from '@jest/globals'
import { chooseFreePorts } from '../../lab/loopback/ports.ts'

it('gives two labs that choose at the same time ports of their own', async () => {
  const [one, other] = await Promise.all([chooseFreePorts('/same/place'), chooseFreePorts('/same/place')])
  const shared = Object.values(one).filter((port) => Object.values(other).includes(port))
  expect(shared).toEqual([])
})
