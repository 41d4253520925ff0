import { answered, pairRule } from '../census/rule.ts'
import { sinceThen } from './word-of-the-new-version.ts'

const id = 'deferred-trigger-role'

/**
 * Until version 17 a deferred trigger runs as whoever commits; since 18 as the role that was there when its event was queued: after
 * SET ROLE, or inside a SECURITY DEFINER function, that is another one. https://www.postgresql.org/docs/18/release-18.html
 */
export const deferredTriggerRole = pairRule({
  id,
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  sql: `
    SELECT format('%I on %I.%I', t.tgname, n.nspname, c.relname) AS object, p.oid::regprocedure::text AS function, 18 AS version
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE NOT t.tgisinternal AND t.tgdeferrable AND t.tgenabled <> 'D' AND NOT p.prosecdef AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0'
     ORDER BY 1`,
  sentence: {
    zh: '触发器“{object}”可推迟到提交时执行：函数 {function} 在旧服务器上以提交者的角色执行，PostgreSQL {version} 起以触发它的语句的角色执行。事务中用过 SET ROLE，或语句在 SECURITY DEFINER 函数中时，权限与 current_user 会不同。',
    en: 'Trigger "{object}" can be put off to the commit: its function {function} runs as the role that commits on the old server, and since PostgreSQL {version} as the role of the statement that fired it. After SET ROLE in the transaction, or where the statement is in a SECURITY DEFINER function, rights and current_user are others.',
  },
  remedy: {
    zh: '在演练环境执行用到它的事务；需要固定角色的，把函数改为 SECURITY DEFINER 并归该角色所有',
    en: 'Run the transactions that use it on staging; where it needs one role, make its function SECURITY DEFINER and give it to that role',
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
