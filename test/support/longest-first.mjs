import Sequencer from '@jest/test-sequencer'

/** The file that takes minutes, most of them waiting on hosts. */
const longest = '/test/lab/whole-move.test.ts'

/**
 * Jest begins with what took longest the last time, and a fresh clone knows of no last time: begun late, the longest file
 * would go on alone after all the others.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const isLongest = ({ path }) => path.endsWith(longest)
    return super.sort(tests).toSorted((a, b) => Number(isLongest(b)) - Number(isLongest(a)))
  }
}
