import { words } from './message.ts'

/** Why a step of a move fails that nothing broke in: what it found cannot stand. */
export const moveFailures = words({
  'gate-missed': { en: '{problem}', zh: '{problem}' },
  'rehearsal-gates-missed': {
    en: 'The rehearsal missed gates: {gates}. Mend the cause and rehearse again.',
    zh: '演练未通过：{gates}。请排除原因后重新演练。',
  },
  'trial-run-unobserved': {
    en: 'Only a share of {share} of the trial run was observed; {wanted} is required. Keep the runner up and retry: the trial run then starts again.',
    zh: '试运行的实际观测时间占比仅为 {share}，要求 {wanted}。请保证运行器持续在线后重试：试运行将重新开始。',
  },
  'trial-run-unavailable': {
    en: 'The system answered {answered} of {probes} probes; a share of {wanted} is required. Mend the cause and retry: the trial run then starts again.',
    zh: '系统应答了 {probes} 次探测中的 {answered} 次，要求占比 {wanted}。请排除原因后重试：试运行将重新开始。',
  },
  'sides-unclear': {
    en: '[?{after} ]Which side serves cannot be told: the old side[? on {oldHosts}] is found as "{old:sideFound}", the new side[? on {newHosts}] as "{new:sideFound}". Make their servers answer and retry: nothing is opened or undone before that.',
    zh: '[?{after} ]无法判断哪一侧在用：旧侧[?（{oldHosts}）]查得“{old:sideFound}”，新侧[?（{newHosts}）]查得“{new:sideFound}”。请使其服务器恢复应答后重试：在此之前不会启用或撤销任何内容。',
  },
  'no-switchover-step': {
    en: 'The {purpose:switch} playbook ended without a switchover step. Give it a step of a switchover kind.',
    zh: '{purpose:switch}剧本结束时没有执行切换步骤。请为其加入切换类步骤。',
  },
  'no-wipe-step': {
    en: 'The close playbook ended without a step that wipes having run: nothing proves that the old data is gone. Add a step of kind "wipe" to the playbook, or find out why its condition skipped it.',
    zh: '下线剧本结束时没有执行清除步骤：无法证明原系统数据已清除。请在剧本中加入“wipe”类步骤，或查明其条件为何将它略过。',
  },
})
