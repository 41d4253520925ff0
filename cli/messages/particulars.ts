/**
 * What the server says in English or by code, by the form it says it in: the names and findings of gates (domain/gates.ts,
 * domain/rehearsal.ts), and why a way back is degraded or lost (domain/way-back.ts).
 */
export const gateNames = [
  { en: 'load-run-valid', zh: '压力测试有效' },
  { en: 'failed-share-{target}', zh: '请求失败率（{target}）' },
  { en: 'p95-{target}', zh: 'p95 时延（{target}）' },
  { en: 'load-test', zh: '压力测试' },
  { en: 'data-verified', zh: '数据核对' },
  { en: 'switch-rehearsed', zh: '切换演练' },
  { en: 'rehearsed-writes-kept', zh: '演练中写入不丢失' },
  { en: 'rehearsed-write-gap', zh: '演练中写中断' },
] as const

export const gateFindings = [
  {
    en: 'the generator kept its rate in {repeats} runs of each target',
    zh: '每个目标的 {repeats} 次运行中，压测程序均保持了速率',
  },
  {
    en: 'run {run} of "{target}": the generator itself was {late} ms late (p99), allowed are {allowed} ms',
    zh: '“{target}”第 {run} 次运行：压测程序自身延迟 {late} 毫秒（p99），上限 {allowed} 毫秒',
  },
  {
    en: '{failed} of {requests} requests to "{target}" failed ({share}), allowed are {allowed}',
    zh: '对“{target}”的 {requests} 次请求中 {failed} 次失败（{share}），上限 {allowed}',
  },
  { en: 'no answered requests to compare "{target}" by', zh: '“{target}”没有得到应答的请求，无法比较' },
  {
    en: 'p95 of "{target}" is {p95} ms, fast enough below {floor} ms whatever the baseline does',
    zh: '“{target}”的 p95 时延为 {p95} 毫秒，低于免检值 {floor} 毫秒',
  },
  {
    en: 'p95 of "{target}" is {p95} ms, {ratio} times the baseline (95 % interval {low} to {high}), allowed are {allowed}: passed, but a longer run would tell more',
    zh: '“{target}”的 p95 时延为 {p95} 毫秒，是基准的 {ratio} 倍（95% 区间 {low} 至 {high}），上限 {allowed} 倍：通过，但更长的测试更有把握',
  },
  {
    en: 'p95 of "{target}" is {p95} ms, {ratio} times the baseline (95 % interval {low} to {high}), allowed are {allowed}',
    zh: '“{target}”的 p95 时延为 {p95} 毫秒，是基准的 {ratio} 倍（95% 区间 {low} 至 {high}），上限 {allowed} 倍',
  },
  { en: 'no load test was run', zh: '未做压力测试' },
  { en: 'the copied data was not verified', zh: '未核对复制的数据' },
  { en: 'no cutover and rollback were rehearsed', zh: '未演练割接和回退' },
  { en: '{rows} rows are the same on both sides', zh: '两侧 {rows} 行数据一致' },
  { en: 'differences in {tables}', zh: '存在差异：{tables}' },
  {
    en: '{lost} of {acknowledged} acknowledged writes were lost',
    zh: '已确认的 {acknowledged} 次写入中丢失 {lost} 次',
  },
  {
    en: 'the longest write gap was {gap} ms, allowed are {allowed} ms',
    zh: '最长写中断 {gap} 毫秒，上限 {allowed} 毫秒',
  },
] as const

export const wayBackReasons = [
  { en: 'reverse-slot-invalidated', zh: '反向复制槽已失效' },
  { en: 'reverse-slot-missing', zh: '反向复制槽不存在' },
  { en: 'new-side-unreachable', zh: '无法连接新侧' },
  { en: 'old-side-unreachable', zh: '无法连接旧侧' },
  { en: 'reverse-slot-about-to-be-lost', zh: '反向复制槽即将失效' },
  { en: 'reverse-subscription-disabled', zh: '反向订阅已停用' },
  { en: 'reverse-apply-not-running', zh: '反向复制未在运行' },
  { en: 'tables-not-followed-{count}', zh: '{count} 张表未同步' },
  { en: 'marker-late-{seconds}s', zh: '同步标记滞后 {seconds} 秒' },
  { en: 'files-late-{seconds}s', zh: '文件滞后 {seconds} 秒' },
  { en: 'files-{code}', zh: '文件未同步（{code}）' },
] as const
