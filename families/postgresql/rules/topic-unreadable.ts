import { type Rule, type SideRule, everyMoment } from '../census/rule.ts'
import { neededTopics, unseenRule } from '../census/unseen.ts'

/** What a rule that refuses would have found is not known. */
export function topicUnreadable(others: readonly Rule[]): SideRule {
  const needed = neededTopics(others)
  return unseenRule({
    id: 'topic-unreadable',
    severity: 'critical',
    when: [...everyMoment, 'pause'],
    isMeant: (topic) => needed.has(topic),
  })
}
