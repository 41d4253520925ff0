import { words } from './message.ts'

/** What goes wrong with datasets that are moved by commands of their vendor, and what the assessment says of them. */
export const coldFailures = words({
  'cold-command-failed': {
    en: '"{command}" of {side} failed: {reason}. Correct what it met on that host, or the command in the folder of its playbook and make a new plan; then run the step again.',
    zh: '{side}的“{command}”失败：{reason}。请处理该主机上的问题后重新执行该步骤，或在剧本文件夹中改正该命令后另建计划。',
  },
  'cold-not-in-time': {
    en: '"{command}" of {side} did not succeed within {waitedMs} ms. See on that host what still runs, or does not come up, and run the step again.',
    zh: '{side}的“{command}”在 {waitedMs} 毫秒内没有成功。请在该主机上查看仍在运行或未能启动的程序，然后重新执行该步骤。',
  },
  'cold-figures-unreadable': {
    en: '"measure" of {side} printed {lines} lines[?, among them "{found}"]; 1 to 500 lines "name value" were expected, each name once. Correct it in the folder of its playbook and make a new plan.',
    zh: '{side}的“measure”输出了 {lines} 行[?，其中有“{found}”]，应为 1 至 500 行“名称 值”，名称不重复。请在剧本文件夹中改正后另建计划。',
  },
  'cold-figures-differ': {
    en: 'The figures of both sides are not the same: {differences}. See what "give" leaves out or "take" loses, and copy again.',
    zh: '两侧的指标不一致：{differences}。请查明“give”遗漏或“take”丢失了什么，然后重新复制。',
  },
  'cold-no-command': {
    en: 'The place of {side} has no command "{command}", which this step needs. Add it, and make a new plan.',
    zh: '{side}没有该步骤所需的命令“{command}”。请补充后另建计划。',
  },
  'cold-not-ready': {
    en: 'The sides cannot be switched now; nothing was stopped. {problems:sentences}',
    zh: '目前不能切换，没有停止任何服务。{problems:sentences}',
  },
  'cold-side-problem': { en: '{side}: {problem}.', zh: '{side}：{problem}。' },
  'cold-does-not-run': { en: 'it does not run ("is-running" fails)', zh: '没有运行（“is-running”不成功）' },
  'cold-not-stopped': {
    en: 'it is not stopped ("is-stopped" fails), and would write beside the one that serves',
    zh: '没有停止（“is-stopped”不成功），会与在用一侧同时写入',
  },
  'cold-stopped-and-running': {
    en: 'it is stopped and runs at the same time: "is-stopped" or "is-running" proves nothing',
    zh: '同时显示已停止和在运行：“is-stopped”或“is-running”起不到证明作用',
  },
  'cold-lacks': { en: 'it has no command "{command}"', zh: '没有命令“{command}”' },
  'cold-never-served': {
    en: 'it has no "take", and no record that it was left by a switch to {other}: nothing of its data is known',
    zh: '没有“take”，也没有因切换到{other}而停用的记录：其数据状况不明',
  },
  'cold-answers': { en: 'its host answers, and is not lost', zh: '其主机有应答，并未丢失' },
  'cold-ended-early': { en: 'it ended before it had everything', zh: '未收齐数据即结束' },
  'cold-switch-aborted': {
    en: 'The switch was undone in the part "{part}", before its commit point: {reason} {serving} serves as before; nobody was served for {stoppedMs} ms, and nothing is lost. Remove the cause and run the step again.',
    zh: '切换在“{part}”环节、提交点之前被撤销：{reason} {serving}照旧服务，停止服务 {stoppedMs} 毫秒，没有数据丢失。请排除原因后重新执行该步骤。',
  },
  'cold-both-stopped': {
    en: 'Nobody is served: the switch was undone ({first}), and {side} could not be started again: {reason} Start it on its host, or remove the cause and have both sides settled: "qianyun cutover settle".',
    zh: '目前无一侧服务：切换已撤销（{first}），而{side}未能重新启动：{reason} 请在其主机上启动，或排除原因后整理两侧：“qianyun cutover settle”。',
  },
  'cold-both-serve': {
    en: 'Both {from} and {to} are on record as the side that serves. Nothing was changed: stop the one whose data do not count on its host, and remove its record in "~/.qianyun/sides" there.',
    zh: '{from}和{to}的记录均为在用。没有做任何更改：请在主机上停止不作数的一侧，并删除其“~/.qianyun/sides”中的记录。',
  },
  'cold-too-late': {
    en: 'The switch may take {deadlineMs} ms and was to end before {notAfter}: it was not begun, and nothing was stopped. Give a longer window, or a shorter deadline if the rehearsal allows it.',
    zh: '切换最长需 {deadlineMs} 毫秒，须在 {notAfter} 之前结束：没有开始，也没有停止任何服务。请延长窗口，或在演练允许时缩短时限。',
  },
  'cold-deadline-passed': {
    en: 'It took longer than the {allowedMs} ms it had.',
    zh: '超过了允许的 {allowedMs} 毫秒。',
  },
  'cold-side-serves': {
    en: '{side} is neither filled nor removed: {found}. Only a side that a switch has left, and that stands still, is removed, and only a copy, or what stands still and nothing is known of, is filled.',
    zh: '{side}既不填入也不清除：{found}。只有因切换而停用且处于停止状态的一侧才会清除；只有副本，或处于停止状态且没有记录的一侧才会填入。',
  },
  'cold-side-open': { en: 'it is on record as the side that serves', zh: '其记录为在用' },
  'cold-side-closed': { en: 'it is on record as left by a switch', zh: '其记录为因切换而停用' },
  'cold-side-copy': { en: 'it is on record as a copy', zh: '其记录为副本' },
  'cold-decided': {
    en: 'The switch away from {side} is decided, so that it is not started again. Run the step again: it goes on.',
    zh: '从{side}切走已成定局，不再启动该侧。请重新执行该步骤，将继续进行。',
  },
  'cold-being-filled': {
    en: '{side} is still being filled by a run that nobody hears of. End that process on its host (it holds the file "….take" in "~/.qianyun/sides" there), and run the step again.',
    zh: '{side}仍在被一个失去联系的执行填入数据。请在其主机上结束该进程（占用“~/.qianyun/sides”中“….take”文件），然后重新执行该步骤。',
  },
  'cold-side-unknown': { en: 'it has no record that it was left', zh: '没有已停用的记录' },
  'cold-side-running': { en: 'it runs, or "is-stopped" fails', zh: '正在运行，或“is-stopped”不成功' },
  'cold-has-none': {
    en: 'Nothing keeps {side} current: it stands as it was left, and is not seeded anew. A rollback needs nothing else.',
    zh: '{side}保持停用时的原样，不会同步，也不重新建立。回退不需要别的条件。',
  },
  'crosses-cold-copied-back': {
    en: 'It is moved with the system stopped, by commands of its vendor: nobody is served from the stop to the start, there and back, and nothing is lost either way.',
    zh: '以厂商命令停机迁移：从停止到启动期间停止服务，去程与回退相同，均不丢失数据。',
  },
  'crosses-cold-as-left': {
    en: 'It is moved with the system stopped, by commands of its vendor: nobody is served from the stop to the start. The old side is kept as it was left: a rollback loses what was written since.',
    zh: '以厂商命令停机迁移：从停止到启动期间停止服务。旧侧保持停用时的原样：回退会丢失此后写入的数据。',
  },
  'remedy-crosses-cold': {
    en: 'The rehearsal measures how long that takes; agree on a window that holds it.',
    zh: '演练会测出所需时间；请商定足够长的窗口。',
  },
  'remedy-crosses-cold-as-left': {
    en: 'The rehearsal measures how long that takes; agree on a window that holds it. Give the old side "take" and the new side "give", and a rollback brings back what was written.',
    zh: '演练会测出所需时间；请商定足够长的窗口。为旧侧写“take”、为新侧写“give”，回退即可带回新写入的数据。',
  },
  'remedy-cold-side-problem': {
    en: 'Correct what it met on the host, or the command in the folder of its playbook.',
    zh: '请处理主机上的问题，或在剧本文件夹中改正该命令。',
  },
})
