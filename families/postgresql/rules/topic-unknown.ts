import type { Rule, SideRule } from '../census/rule.ts'
import { neededTopics, targetTopic, unseenRule } from '../census/unseen.ts'

/** No rule that refuses looks at it. */
export function topicUnknown(others: readonly Rule[]): SideRule {
  const needed = neededTopics(others)
  return unseenRule({
    id: 'topic-unknown',
    severity: 'warning',
    when: ['assessment'],
    isMeant: (topic) => !needed.has(topic) && topic !== targetTopic,
  })
}
