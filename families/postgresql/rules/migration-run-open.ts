import { databaseRule, everyMoment } from '../census/rule.ts'

/**
 * A lock of a migration tool is a row: it crosses with the others, and nobody at the new host is there to release it.
 * https://github.com/nordic-institute/X-Road/issues/3076, https://github.com/liquibase/liquibase/issues/1453
 */
export const migrationRunOpen = databaseRule({
  id: 'migration-run-open',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  looksAt: ['migration runs'],
  sentence: {
    zh: '表“{object}”记有 {tool} 未结束的一次迁移（{state}）：启动时执行迁移的应用会等待它，或拒绝启动；切换到另一侧后也是如此。',
    en: 'Table "{object}" records a run of {tool} that has not ended ({state}): an application that runs its migrations as it starts waits for it, or refuses to start, on the other side as well.',
  },
  remedy: {
    zh: '若该次迁移仍在进行，等它结束；否则查明它完成到何处，再在{here}将其解除（{release}），并在演练环境重启一次应用',
    en: 'Let it end if it is still under way; otherwise find out how far it came, release it on {here} ("{release}"), and restart the application once on staging',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当启动应用不会执行迁移，或该表已无人使用时。',
      en: 'that is where no application runs migrations as it starts, or where nobody uses the table any more.',
    },
  },
  find: ({ migrationRuns }) => migrationRuns.map(({ table, ...values }) => ({ object: table, values })),
})
