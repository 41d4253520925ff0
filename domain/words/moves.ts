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
  'not-on-record': {
    en: '"{what}" was asked of the runner for "{subject}", and the record of Qianyun does not have it: {missing}. Nothing was done. If a move of yours is at this step, retry it; if not, somebody reaches the Temporal server past Qianyun: see `qianyun audit list`, and close that way.',
    zh: '有人要求运行器为“{subject}”执行“{what}”，但迁云的记录中没有：{missing}。未执行任何操作。如您的迁移正处于此步骤，请重试；否则说明有人绕过迁云直接访问了 Temporal 服务：请查看 `qianyun audit list`，并堵住该途径。',
  },
  'other-workflow': {
    en: '"{what}" was asked for "{subject}" by the workflow "{workflowId}", which does not carry it. Nothing was done. Somebody reaches the Temporal server past Qianyun: see `qianyun audit list`, and close that way.',
    zh: '工作流“{workflowId}”为“{subject}”要求执行“{what}”，但承载它的不是该工作流。未执行任何操作。有人绕过迁云直接访问了 Temporal 服务：请查看 `qianyun audit list`，并堵住该途径。',
  },
  'record-no-move': { en: 'no such move or run is recorded', zh: '没有此迁移或运行的记录' },
  'record-run-ended': { en: 'the run has ended', zh: '该运行已经结束' },
  'record-other-plan': { en: 'the plan or the run is another one', zh: '计划或运行与记录不符' },
  'record-other-playbook': {
    en: 'the plan has no playbook "{playbook}" with this content',
    zh: '计划中没有内容如此的剧本“{playbook}”',
  },
  'record-other-keys': { en: 'other host keys were approved', zh: '批准的主机密钥与此不同' },
  'record-not-left-out': {
    en: 'nobody has left out the step "{step}"',
    zh: '没有人决定跳过步骤“{step}”',
  },
  'record-no-retry': { en: 'nobody has asked for a retry', zh: '没有人要求重试' },
  'record-no-go': { en: 'no cutover was decided on', zh: '没有割接决定' },
  'record-no-rollback': { en: 'no such rollback was asked for', zh: '没有人要求这样的回退' },
  'record-no-release': {
    en: 'the owner has not released the old data',
    zh: '所属部门没有同意清除旧侧数据',
  },
  'record-release-unsigned': {
    en: 'the owner has not signed the release of the old data; it is given anew by `qianyun retention release`',
    zh: '同意清除旧侧数据的书面说明未经签名；请所属部门用 `qianyun retention release` 重新提交',
  },
  'record-release-not-theirs': {
    en: 'the release of the old data is not signed by the registered key of "{account}"; it is given anew by `qianyun retention release`',
    zh: '同意清除旧侧数据的签名与“{account}”登记的密钥不符；请用 `qianyun retention release` 重新提交',
  },
  'record-no-abort': {
    en: 'no abort was asked for, and no release was given',
    zh: '没有人要求中止，也没有同意清除旧侧数据',
  },
  'record-no-settle': { en: 'nobody has asked to settle the sides', zh: '没有人要求处理两侧状态' },
  'record-no-rearm': { en: 'nobody has asked to rearm the way back', zh: '没有人要求重新建立旧侧' },
  'record-no-giving-up': {
    en: 'two people have not agreed to give this database up',
    zh: '没有两人同意放弃此数据库',
  },
  'record-no-schema-change': { en: 'this schema change was not asked for', zh: '没有人要求此结构变更' },
  'no-decision-in-time': {
    en: 'No decision was made before the latest rollback time.',
    zh: '在最晚回退时间之前没有作出决定。',
  },
  'decided-against': {
    en: 'Operations decided: {decision:decision}.',
    zh: '运维的决定：{decision:decision}。',
  },
  'switch-too-late': {
    en: 'The latest rollback time passed before the switch began.',
    zh: '切换开始之前已过最晚回退时间。',
  },
  'probe-failed-after-switch': {
    en: 'The public write probe failed after the switch.',
    zh: '切换之后公开写入探测失败。',
  },
  'ledger-voids-signatures': { en: 'The ledger changed.', zh: '台账发生变更。' },
  'signature-missing': {
    en: 'The signature of {parties:role} is missing.',
    zh: '缺少{parties:role}的签署。',
  },
  'signer-not-registered': {
    en: '"{account}", who signed as the {party:role} "{organisation}", is no longer registered as that. Have the report amended and signed again.',
    zh: '以{party:role}“{organisation}”身份签署的“{account}”已不再如此登记。请修订报告后重新签署。',
  },
  'signing-key-not-registered': {
    en: 'The key "{keyId}" of "{account}" is no longer registered. Have the report amended and signed again.',
    zh: '“{account}”的密钥“{keyId}”已不再登记。请修订报告后重新签署。',
  },
  'signed-other-report': {
    en: 'The signature of "{account}" is not over this report. Have the report amended and signed again.',
    zh: '“{account}”的签名不是针对此报告的。请修订报告后重新签署。',
  },
  'unreachable-in-undo': {
    en: '"{side}" could not be reached, and what "{stepId}" set up there stays',
    zh: '无法连接“{side}”，“{stepId}”在该处建立的内容仍在',
  },
  'left-behind': { en: 'left behind: {left}', zh: '未能撤销：{left}' },
  'interrupted-switch-undone': {
    en: 'A switch that was cut off was undone.',
    zh: '已撤销被打断的切换。',
  },
  'new-side-answers': {
    en: 'The new side[? on {newHosts}] was to be given up, but is found as "{new:sideFound}". Settle the sides without giving it up; where it is to be given up all the same, stop its server first.',
    zh: '要放弃的新侧[?（{newHosts}）]查得“{new:sideFound}”。请不放弃新侧来处理；如仍要放弃，请先停止其服务器。',
  },
  'no-switchover-step': {
    en: 'The {purpose:switch} playbook ended without a switchover step. Give it a step of a switchover kind.',
    zh: '{purpose:switch}剧本结束时没有执行切换步骤。请为其加入切换类步骤。',
  },
  'staging-left': {
    en: 'The copy of the data on staging is not all gone: {left}. Remove the reason and retry the step; or remove it by hand, then skip the step with what was done.',
    zh: '测试平台中的数据副本未全部删除：{left}。请排除原因后重试该步骤；或自行删除后跳过该步骤并说明处理情况。',
  },
  'no-wipe-step': {
    en: 'The close playbook ended without a step that wipes having run: nothing proves that the old data is gone. Add a step of kind "wipe" to the playbook, or find out why its condition skipped it.',
    zh: '下线剧本结束时没有执行清除步骤：无法证明旧侧数据已清除。请在剧本中加入“wipe”类步骤，或查明其条件为何将它跳过。',
  },
})
