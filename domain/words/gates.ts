import { words } from './message.ts'

/** What the limits of the policy are held against. */
export const gateNames = words({
  'attested-comparison': { en: 'comparison, as attested', zh: '数据核对（据证明）' },
  'attested-failed-share': { en: 'failed requests, as attested', zh: '请求失败率（据证明）' },
  'attested-p95': { en: 'p95 latency, as attested', zh: 'p95 时延（据证明）' },
  'attested-write-gap': { en: 'write gap, as attested', zh: '写中断（据证明）' },
  'load-run-valid': { en: 'load test valid', zh: '压力测试有效' },
  'failed-share': { en: 'failed requests', zh: '请求失败率' },
  p95: { en: 'p95 latency', zh: 'p95 时延' },
  'load-test': { en: 'load test', zh: '压力测试' },
  'data-verified': { en: 'data verified', zh: '数据核对' },
  'switch-rehearsed': { en: 'switch rehearsed', zh: '切换演练' },
  'rehearsed-writes-kept': { en: 'writes kept in the rehearsal', zh: '演练中写入不丢失' },
  'rehearsed-write-gap': { en: 'write gap of the rehearsal', zh: '演练中写中断' },
})

/** What was found at them. */
export const gateFindings = words({
  'generator-kept-rate': {
    en: 'the generator kept its rate in {repeats} runs of each target',
    zh: '每个目标的 {repeats} 次运行中，压测程序均保持了速率',
  },
  'load-run-invalid': { en: '{because}', zh: '{because}' },
  'generator-late': {
    en: 'run {run} of "{target}": the generator itself was {lateMs} ms late (p99), allowed are {allowedMs} ms',
    zh: '“{target}”第 {run} 次运行时压测程序自身延迟 {lateMs} 毫秒（p99），上限 {allowedMs} 毫秒',
  },
  'requests-failed': {
    en: '{failed} of {requests} requests to "{target}" failed ({percent} %), allowed are {allowedPercent} %[?; {failures}][?; of "{baseline}" {baselineFailed} of {baselineRequests}]',
    zh: '对“{target}”的 {requests} 次请求中 {failed} 次失败（{percent}%），上限 {allowedPercent}%[?；{failures}][?；“{baseline}”为 {baselineRequests} 次中 {baselineFailed} 次]',
  },
  'load-failed-by-status': {
    en: '"{request}" was answered with {status} {count} times',
    zh: '“{request}”有 {count} 次应答为 {status}',
  },
  'load-failed-by-body': {
    en: '"{request}" was answered with another body {count} times[? ({status})]',
    zh: '“{request}”有 {count} 次应答内容不符[?（{status}）]',
  },
  'load-failed-to-connect': {
    en: '"{request}" was not connected {count} times',
    zh: '“{request}”有 {count} 次未能连接',
  },
  'load-failed-by-timeout': {
    en: '"{request}" was not answered in time {count} times',
    zh: '“{request}”有 {count} 次超时未应答',
  },
  'load-failed-by-reset': {
    en: '"{request}" was cut off {count} times',
    zh: '“{request}”有 {count} 次连接中断',
  },
  'load-failed-unsent': {
    en: '"{request}" was not sent {count} times, since too many were unanswered',
    zh: '“{request}”有 {count} 次因未应答过多而未发出',
  },
  'nothing-to-compare': {
    en: 'no answered requests to compare "{target}" by',
    zh: '“{target}”没有得到应答的请求，无法比较',
  },
  'p95-under-floor': {
    en: 'p95 of "{target}" is {p95} ms, fast enough below {floor} ms whatever the baseline does',
    zh: '“{target}”的 p95 时延为 {p95} 毫秒，低于免检值 {floor} 毫秒',
  },
  'p95-compared': {
    en: 'p95 of "{target}" is {p95} ms, {ratio} times the baseline (95 % interval {low} to {high}), allowed are {allowed}',
    zh: '“{target}”的 p95 时延为 {p95} 毫秒，是基准的 {ratio} 倍（95% 区间 {low} 至 {high}），上限 {allowed} 倍',
  },
  'p95-in-doubt': {
    en: 'p95 of "{target}" is {p95} ms, {ratio} times the baseline (95 % interval {low} to {high}), allowed are {allowed}: passed, but a longer run would tell more',
    zh: '“{target}”的 p95 时延为 {p95} 毫秒，是基准的 {ratio} 倍（95% 区间 {low} 至 {high}），上限 {allowed} 倍：通过，但更长的测试更有把握',
  },
  'load-test-not-run': { en: 'no load test was run', zh: '未做压力测试' },
  'data-not-verified': { en: 'the copied data was not verified', zh: '未核对复制的数据' },
  'switch-not-rehearsed': { en: 'no cutover and rollback were rehearsed', zh: '未演练割接和回退' },
  'rows-the-same': {
    en: '{rows} rows are the same on both sides[?; not compared: {notCompared}]',
    zh: '两侧 {rows} 行数据一致[?；未比较：{notCompared}]',
  },
  'rows-differ': { en: 'differences in {tables}', zh: '存在差异：{tables}' },
  'writes-lost': {
    en: '{lost} of {acknowledged} acknowledged writes were lost',
    zh: '已确认的 {acknowledged} 次写入中丢失 {lost} 次',
  },
  'longest-write-gap': {
    en: 'the longest write gap was {gapMs} ms, allowed are {allowedMs} ms',
    zh: '最长写中断 {gapMs} 毫秒，上限 {allowedMs} 毫秒',
  },
})
