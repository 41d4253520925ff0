import { words } from './message.ts'

/** Moves that people do with another tool or by hand: what the engine says of them is that they say so. */
export const tracked = words({
  'tracked-not-by-engine': {
    en: 'The move of "{system}" is tracked: people do it with another tool or by hand, and the engine neither looks at its sides nor does anything there. Have it done, and attest it with the tasks of the move.',
    zh: '系统“{system}”为另行迁移：由人员以其他工具或人工完成，系统不查看两侧，也不在其上执行操作。请完成后通过迁移任务附证据证明。',
  },
  'tracked-with-part': {
    en: 'has "{named}" beside "tracked": a plan is tracked as a whole, or not at all. Leave these out, or enter what the engine moves as a system of its own',
    zh: '与“tracked”并列出现“{named}”：计划要么整体另行迁移，要么不是。请去掉，或将由本系统迁移的部分另列为一个系统',
  },
  'tracked-step-no-task': {
    en: 'has in "{playbook}" the step "{step}", which is no task, or has a condition: in a tracked move people do every step. Name playbooks that consist of tasks (tracked-…)',
    zh: '剧本“{playbook}”的步骤“{step}”不是人工任务，或带有条件：另行迁移的每个步骤都由人员完成。请使用由任务组成的剧本（tracked-…）',
  },
  'tracked-step-unproven': {
    en: 'has in "{playbook}" the task "{step}" without "wantsEvidence: true", or without a reviewer of another role: in a tracked move each step has its evidence and is accepted by somebody else',
    zh: '剧本“{playbook}”的任务“{step}”没有“wantsEvidence: true”，或没有其他角色的验收人：另行迁移的每个步骤都须附证据并由他人验收',
  },
  'tracked-attests-other': {
    en: 'is "{playbook}", whose tasks attest [?{found}]; expected is, each once: [?{expected}]',
    zh: '为“{playbook}”，其任务证明[?{found}]；要求各一次：[?{expected}]',
  },
  'attests-in-engine-plan': {
    en: 'has in "{playbook}" the task "{step}", which attests what the engine does: that counts in a tracked move alone. Leave "attests" out',
    zh: '剧本“{playbook}”的任务“{step}”证明本应由系统完成的工作：只在另行迁移中有效。请去掉“attests”',
  },
  'figures-missing': {
    en: 'Task "{task}" wants figures that were not given: {missing}. Give each with --figure NAME=FIGURE.',
    zh: '任务“{task}”缺少指标：{missing}。请用 --figure 名称=数值 逐项给出。',
  },
  'figures-unknown': {
    en: 'Task "{task}" has no figures "{unknown}"[?; it wants {wanted}].',
    zh: '任务“{task}”没有指标“{unknown}”[?；需要 {wanted}]。',
  },
  'figures-unread': {
    en: 'Figures of task "{task}" cannot be read: {unread}. Write instants with their offset (2026-05-02T01:30:00+08:00), shares as 0 to 1, counts as whole numbers, "serves" as old or new.',
    zh: '任务“{task}”的指标无法读取：{unread}。时间请带时区（2026-05-02T01:30:00+08:00），比例写 0 至 1，数量写整数，“serves”写 old 或 new。',
  },
  'figures-out-of-order': {
    en: 'Task "{task}" is said to have ended before it began, or to end in the future. Correct "began-at" and "ended-at".',
    zh: '任务“{task}”的结束时间早于开始时间，或在将来。请更正“began-at”和“ended-at”。',
  },
  'switched-before-window': {
    en: 'Task "{task}": the switch is said to have begun before its window. What was switched before the go is no cutover of this move; roll it back by hand, and begin after the go.',
    zh: '任务“{task}”：切换的开始时间早于割接窗口。执行决定之前的切换不是本次迁移的割接；请人工恢复，并在决定执行后进行。',
  },
  'attested-not-switched': {
    en: 'People attest that the {serves:side} serves: the switch was not made.',
    zh: '据证明{serves:side}在用：没有切换。',
  },
  'attested-differences': {
    en: 'People attest {compared} items compared, {different} of them different.',
    zh: '据证明核对 {compared} 项，其中 {different} 项不同。',
  },
  'attested-unavailable': {
    en: 'people attest an availability of {availability}, wanted is {wanted}',
    zh: '据证明可用率为 {availability}，要求 {wanted}',
  },
  'attested-compared': {
    en: 'attested: {compared} items compared, {different} different',
    zh: '据证明：核对 {compared} 项，{different} 项不同',
  },
  'attested-failed': {
    en: 'attested: share of failed requests {share}, allowed are {allowed}',
    zh: '据证明：请求失败率 {share}，上限 {allowed}',
  },
  'attested-p95-ratio': {
    en: 'attested: p95 of the new side {ratio} times that of the old one, allowed are {allowed}',
    zh: '据证明：新旧两侧 p95 时延比 {ratio}，上限 {allowed}',
  },
  'attested-gap': {
    en: 'attested: {gapMs} ms without a write, allowed are {allowedMs} ms',
    zh: '据证明：写中断 {gapMs} 毫秒，上限 {allowedMs} 毫秒',
  },
  'not-attested': { en: 'nobody has attested it', zh: '没有证明' },
  'way-back-attested': {
    en: 'people attest that the old side is kept; the engine does not look. A rollback loses: {loses}',
    zh: '据证明旧侧已保留，系统不核实。回退损失：{loses}',
  },
  'moved-otherwise': {
    en: 'The system is moved with another tool, or by hand ("{tool}"), since {reason}. Nothing was looked at: what the report says of it people attest.',
    zh: '系统以其他工具或人工迁移（“{tool}”），理由：{reason}。系统未作任何查看：报告所述均为人员证明。',
  },
  'remedy-moved-otherwise': {
    en: 'Read the evidence of each task before you sign.',
    zh: '签署前请查阅每项任务的证据。',
  },
  'rollback-attested': {
    en: 'What a rollback loses is what the plan says: {loses}',
    zh: '回退损失以计划所述为准：{loses}',
  },
  'remedy-rollback-attested': {
    en: 'Accept it, or have the vendor bring a way back that loses less.',
    zh: '请确认接受，或由厂商提供损失更小的退路。',
  },
  'disposition-of-plan': { en: 'The plan says so; nothing was looked at.', zh: '以计划所述为准，未作查看。' },
})
