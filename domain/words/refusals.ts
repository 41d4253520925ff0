import { words } from './message.ts'

/** Why a command of a person is refused by the rules of a move. */
export const refusals = words({
  'role-not-allowed': {
    en: '"{account}" has the role {role:role}; this needs one of the roles {allowed:role}. Ask somebody who has it.',
    zh: '“{account}”的角色为{role:role}；此操作需由{allowed:role}执行。请联系相应人员。',
  },
  'other-organisation': {
    en: '"{organisation}" is not the {role:role} of this move; that is "{expected}". Ask somebody there.',
    zh: '“{organisation}”不是此次迁移的{role:role}，应为“{expected}”。请联系该单位。',
  },
  'migration-over': {
    en: 'The move of "{system}" is {standing:standing}; nothing more can be done in it. Launch a new one if the system has to move again.',
    zh: '“{system}”的迁移{standing:standing}，不能再操作。如需再次迁移，请重新发起。',
  },
  'ended-on-old-side': {
    en: 'The end of this move is acknowledged, with the old side serving: there is nothing to carry on. Launch the plan "{plan}" anew.',
    zh: '此次迁移已确认结束，旧侧在用，无需续办。请重新发起计划“{plan}”。',
  },
  'record-not-as-found': {
    en: 'By its record {recorded:side} of "{system}" serves, by the servers {serves:side} does: its sides were switched past it, and it cannot go on from its record. Acknowledge the end (qianyun migration acknowledge-end {system}), then launch anew where the old side serves; where the new one does, a playbook run leads back.',
    zh: '按记录，“{system}”在用的是{recorded:side}，按服务器则是{serves:side}：切换绕过了记录，无法按记录续办。请确认其结束（qianyun migration acknowledge-end {system}）；旧侧在用时可重新发起，新侧在用时可用剧本回退。',
  },
  'abort-under-way': {
    en: 'The move of "{system}" is being aborted. Wait until it has ended.',
    zh: '“{system}”的迁移正在中止，请等待其结束。',
  },
  'already-stopped': {
    en: 'The move is already {standing:standing}. Resume it first.',
    zh: '迁移{standing:standing}，请先恢复。',
  },
  'not-stopped': {
    en: 'The move is {standing:standing}, neither paused nor on hold. There is nothing to resume.',
    zh: '迁移{standing:standing}，没有暂停或暂缓，无需恢复。',
  },
  'after-cutover': {
    en: 'The system has been cut over; aborting would leave it on neither side. Roll back instead.',
    zh: '系统已割接，此时中止会使两侧都不能服务；请改用回退。',
  },
  'switch-under-way': {
    en: 'Sides are being switched. The switch ends within its deadline, or its step fails: wait for it, or retry the step where it is blocked.',
    zh: '正在切换，会在期限内结束，否则该步骤失败：请等待，步骤受阻时请重试。',
  },
  'no-blocked-step': {
    en: 'No step has failed. Only a failed step can be retried or skipped.',
    zh: '没有失败的步骤；只有失败的步骤可以重试或跳过。',
  },
  'other-step': {
    en: '"{step:step}" is not the failed step; the failed step is "{failed:step}".',
    zh: '“{step:step}”不是失败的步骤；失败的是“{failed:step}”。',
  },
  'step-cannot-be-skipped': {
    en: '"{step:step}" is required and cannot be skipped. Mend the cause and retry it.',
    zh: '“{step:step}”为必要步骤，不可跳过。请排除原因后重试。',
  },
  'request-id-reused': {
    en: 'The idempotency key was used for another request before[? ("{first}")]. Send a new request under a new key.',
    zh: '同一幂等键已用于另一内容的请求[?（{first}）]，请换用新的键。',
  },

  'command-not-given': {
    en: 'Nobody has asked for "{what}" in the move "{migration}" in the name of "{account}": the record of commands does not have it. It was refused. Whoever sent it reaches the Temporal server past Qianyun: see `qianyun audit list`, and close that way.',
    zh: '没有人以“{account}”的名义在迁移“{migration}”中提出“{what}”：指令记录中没有此项，已拒绝。发送者绕过迁云直接访问了 Temporal 服务：请查看 `qianyun audit list`，并堵住该途径。',
  },

  // Sides that are not settled
  'nothing-to-settle': {
    en: 'There is nothing to settle[?; the move is at step "{step:step}"]. Sides are settled where a switch to the new side, or an abort of it, is blocked. A rollback that is blocked is retried.',
    zh: '无需处理[?；迁移正处于步骤“{step:step}”]。只有切换到新侧或其中止受阻时才处理两侧状态；回退受阻时请重试。',
  },

  'nothing-to-give-up': {
    en: 'There is nothing to give up[?; the move is at step "{step:step}"]. A database is given up where a step is blocked because that database may hold writes that are nowhere else: look at "migration show".',
    zh: '没有可放弃的内容[?；迁移正处于步骤“{step:step}”]。只有步骤因数据库可能有别处没有的写入而受阻时才能放弃：请查看“migration show”。',
  },
  'unknown-dump-host': {
    en: 'The plan has no host "{host}"; it has {known}. Put the dump onto one of these, and name it.',
    zh: '计划中没有主机“{host}”，只有 {known}。请把导出文件放到其中之一，并写明该主机。',
  },
  'rearm-under-way': {
    en: 'The old side is being seeded anew. Wait until it has everything; a step of it that is blocked is retried or skipped.',
    zh: '正在重新建立旧侧。请等待其完成；如其步骤受阻，请重试或跳过。',
  },
  'way-back-is-armed': {
    en: 'The way back is armed, and the old side has everything. Nothing is seeded anew.',
    zh: '退路就绪，旧侧数据完整，无需重新建立。',
  },

  // Schema changes while the old side follows
  'no-side-follows': {
    en: 'The move is in {phase:phase}, and no old side follows a new one. A schema change is made on both sides after the switch and until the old data is released; at other times make it on the side that serves.',
    zh: '迁移处于{phase:phase}阶段，没有旧侧跟随新侧。只有在切换之后、同意清除旧侧数据之前，才在两侧同时变更表结构；其他时候请在提供服务的一侧变更。',
  },
  'schema-change-under-way': {
    en: 'Another schema change is being made. Wait until it has ended.',
    zh: '另一项表结构变更正在进行，请等待其结束。',
  },
  'schema-change-unfinished': {
    en: 'The old side has a schema change that the new one may lack ("{statements}"). Give its own file again first, which finishes it.',
    zh: '旧侧已有一项新侧可能缺少的表结构变更（“{statements}”）。请先用其原文件再次执行以完成。',
  },
  'old-side-does-not-follow': {
    en: 'The old side does not follow the new one any more[?: {reasons}]. Seed it anew first, or make the change on the new side alone.',
    zh: '旧侧已不再跟随新侧[?：{reasons}]。请先重新建立旧侧，或只在新侧变更。',
  },

  // Tasks
  'unknown-task': {
    en: 'There is no task "{task}" in the move "{migration}". Look at its tasks and name one of them.',
    zh: '迁移“{migration}”中没有任务“{task}”。请查看其任务列表。',
  },
  'not-your-task': {
    en: '"{task}" is for the {role:role} "{organisation}", not for the {yourRole:role} "{yourOrganisation}".',
    zh: '“{task}”由{role:role}“{organisation}”办理，不由{yourRole:role}“{yourOrganisation}”办理。',
  },
  'wrong-task-state': {
    en: '"{task}" is {state:taskState}[? by "{account}"]; {action:taskAction} needs a task that is {wanted:taskState}. Look where it stands.',
    zh: '“{task}”{state:taskState}[?（“{account}”）]；{action:taskAction}要求任务处于以下状态之一：{wanted:taskState}。请查看其当前状态。',
  },
  'taken-by-another': {
    en: '"{task}" is with "{account}". Leave it to them, or take it over with a reason.',
    zh: '“{task}”已由“{account}”领取。请由其处理，或说明理由后接手。',
  },
  'evidence-missing': {
    en: '"{task}" requires at least one file of evidence. Attach it and complete the task.',
    zh: '“{task}”要求至少附一份证据。请附上后再报告完成。',
  },
  'finding-reasons-missing': {
    en: '"{task}" has critical findings that no waiver covers: "{missing}". Give the reason why the move goes on with each, or abort the move and waive them in its plan.',
    zh: '“{task}”有未被豁免的严重问题：“{missing}”。请逐项说明带着该问题继续迁移的理由，或中止迁移并在方案中豁免。',
  },
  'finding-reasons-unknown': {
    en: '"{task}" has no open finding "{unknown}"[?; open are "{open}"]. Leave the reason out, or name the finding as it is listed.',
    zh: '“{task}”没有未处理的问题“{unknown}”[?；未处理的有“{open}”]。请去掉该理由，或按清单填写问题代码。',
  },
  'no-signature-wanted': { en: '"{task}" requires no signature.', zh: '“{task}”不需要签字。' },
  'not-the-doer': {
    en: '"{task}" is signed by "{account}", who completed it.',
    zh: '“{task}”须由完成人“{account}”签字。',
  },
  'no-review-wanted': {
    en: '"{task}" has no reviewer; completing it closes it.',
    zh: '“{task}”不需要审核，完成即关闭。',
  },

  // The report and its recognition
  'no-report': {
    en: 'There is no trial-run report in force. Wait until one is issued.',
    zh: '没有生效的试运行结果报告，请等待出具。',
  },
  'report-being-amended': {
    en: 'The report is being amended ("{remark}"). Wait until its next version has been issued.',
    zh: '报告正在修订（“{remark}”），请等待新版本。',
  },
  'not-in-recognition': {
    en: 'The move is in {phase:phase}; the report is signed in recognition. Signatures can no longer be added.',
    zh: '迁移处于{phase:phase}；报告在共同认可阶段签署，不能再补签。',
  },
  'other-digest': {
    en: 'The signature is over digest "{digest}", but what is to be signed has "{expected}"[? (version {version} of the report)]. Read that and sign it.',
    zh: '签名针对的摘要为“{digest}”，而应签署内容的摘要为“{expected}”[?（报告第 {version} 版）]。请重新阅读后签署。',
  },
  'not-a-party': {
    en: 'The {party:role} is not asked to recognise this report; the policy names {parties:role}.',
    zh: '{party:role}不是此报告的签署方；签署方为{parties:role}。',
  },
  'launcher-signs': {
    en: '"{account}" launched this move and may not recognise its report. Another person has to sign.',
    zh: '此次迁移由“{account}”发起，发起人不能签署其报告，须由他人签署。',
  },
  'already-signed': {
    en: '"{organisation}" has already signed this report as {party:role}. One organisation signs once.',
    zh: '“{organisation}”已以{party:role}身份签署此报告；一个单位只签署一次。',
  },
  'same-person': {
    en: '"{account}" has already signed this report, or its key has. Another person has to sign.',
    zh: '“{account}”（或同一密钥）已签署此报告，须由他人签署。',
  },

  // The cutover
  'not-in-cutover': {
    en: 'The move is in {phase:phase}; a cutover is scheduled once the report has been recognised and before the switch.',
    zh: '迁移处于{phase:phase}；报告经共同认可之后、切换之前才能安排割接。',
  },
  'already-decided': {
    en: 'The decision was "{decision:decision}" and stands.',
    zh: '割接已有决定（{decision:decision}），不能更改。',
  },
  'not-rehearsed': {
    en: 'No rehearsal has been recorded; its durations are needed.',
    zh: '没有演练记录，而安排割接需要演练用时。',
  },
  'window-refused': { en: '{problem}', zh: '{problem}' },
  'window-without-end': {
    en: 'The window has no end. Give both its start and its end.',
    zh: '窗口没有结束时间。请同时给出开始和结束时间。',
  },
  'window-ends-before-start': {
    en: 'The window ends at "{end}", not after its start "{start}". Give a later end.',
    zh: '窗口结束时间“{end}”不晚于开始时间“{start}”。请给出更晚的结束时间。',
  },
  'window-past': {
    en: 'The window "{start}" to "{end}" lies in the past; it is now "{now}". Give a later one.',
    zh: '窗口“{start}”至“{end}”已经过去，现在是“{now}”。请给出更晚的窗口。',
  },
  'window-too-long': {
    en: 'The window "{start}" to "{end}" is longer than the {hours} hours of the policy. Give an earlier end.',
    zh: '窗口“{start}”至“{end}”超过规定的 {hours} 小时。请给出更早的结束时间。',
  },
  'window-too-short': {
    en: 'The window is {windowMs} ms long; the rehearsed cutover and rollback need {neededMs} ms. Give a longer one.',
    zh: '窗口长 {windowMs} 毫秒，而演练的割接和回退共需 {neededMs} 毫秒。请给出更长的窗口。',
  },
  'no-cutover': {
    en: 'No cutover is scheduled and still to be decided.',
    zh: '没有待决定的割接。',
  },
  'window-not-open': {
    en: 'The window opens at "{start}". Say go once it is open.',
    zh: '割接窗口于“{start}”开启，请在开启后再决定执行。',
  },
  'too-late': {
    en: 'It is too late to switch and still go back inside the window. Schedule another window.',
    zh: '已来不及在窗口内完成切换和可能的回退，请另行安排窗口。',
  },
  'not-moving': {
    en: 'The move is {standing:standing}. Say go when it goes on.',
    zh: '迁移{standing:standing}，请在恢复后再决定执行。',
  },
  'not-ready': {
    en: '"{step:step}" has not ended. Say go when the final sync in this window is done.',
    zh: '“{step:step}”尚未结束，请在本窗口的最终同步完成后再决定执行。',
  },

  // The way back
  'nothing-to-roll-back': {
    en: 'The move is in {phase:phase}: the system has not been cut over, or its old side has been released. There is nothing to roll back.',
    zh: '迁移处于{phase:phase}：系统尚未割接，或旧侧数据已同意清除。没有可以回退的内容。',
  },
  'already-rolling-back': {
    en: 'A rollback is already under way. It ends, or its step fails: then it can be retried, or tried in the other way.',
    zh: '回退正在进行。等待其结束；如步骤失败，可以重试或改用另一种方式。',
  },
  'way-back-lost': {
    en: 'The way back is lost ({reasons}). Seed the old side anew first (`retention rearm`); where the new side is gone for good, roll back with --new-side-gone.',
    zh: '退路已失去（{reasons}）。请先重新建立旧侧（`retention rearm`）；如新侧已永久丢失，请使用 --new-side-gone 回退。',
  },
  'new-side-not-current': {
    en: 'The new side is not kept current: {reasons}. Mend that first; the guard sees it within half a minute.',
    zh: '新侧未保持同步：{reasons}。请先排除，退路守护会在半分钟内确认。',
  },
  'rollback-under-way': {
    en: 'A rollback is under way. The way back is checked again afterwards.',
    zh: '正在回退；之后再查看退路的状态。',
  },
  'ledger-contradicts': {
    en: 'The ledger contradicts what this move rests on: {what}. Correct the ledger by importing the row again; otherwise abort the move and plan it again, or, after its cutover, roll it back.',
    zh: '台账与该迁移的前提不符：{what}。请更正台账并重新导入该行；否则中止后重新计划，割接后则回退。',
  },
  'ledger-known': {
    en: 'The move already records what the ledger says.',
    zh: '台账的内容已记入该迁移。',
  },
  'no-news': {
    en: 'The way back is recorded as {state:wayBack} already.',
    zh: '退路的状态没有变化：{state:wayBack}。',
  },
  'not-in-retention': {
    en: 'The move is in {phase:phase}, not in retention.',
    zh: '迁移处于{phase:phase}，不在保留期。',
  },
  'already-released': {
    en: 'The old side has already been released.',
    zh: '已书面同意清除旧侧数据。',
  },
  'before-retention-end': {
    en: 'The old data has to be kept until "{until}"; it is now "{now}". Release it after that.',
    zh: '旧侧数据须保留至“{until}”，现在是“{now}”。届满后才能同意清除。',
  },
})
