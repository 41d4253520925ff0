import { words } from './message.ts'

/** What the ledger has against a move that is under way, by cell. */
export const ledgerContradictions = words({
  'ledger-classified': {
    en: 'The ledger has "classified" as "{found}"; a move rests on "{planned}".',
    zh: '台账中“涉密”为“{found}”，而迁移以“{planned}”为前提。',
  },
  'ledger-mlpsLevel': {
    en: 'The ledger has the MLPS level as "{found}"; the move was planned for {planned} at most.',
    zh: '台账中等保级别为“{found}”，而计划最高为 {planned}。',
  },
  'ledger-department': {
    en: 'The ledger has "{found}" as the owning department; the plan has "{planned}".',
    zh: '台账中所属部门为“{found}”，而计划中为“{planned}”。',
  },
  'ledger-holds': {
    en: 'The move is held and its signatures are void. Correct the ledger and resume, or abort and plan anew.',
    zh: '迁移已暂缓，签署已作废。请更正台账后恢复，或中止后重新计划。',
  },
  'ledger-after-cutover': {
    en: 'The new side serves, and nothing is released meanwhile. Roll back, or correct the ledger.',
    zh: '新侧在用，期间不能同意清除旧侧数据。请回退，或更正台账。',
  },
  'ledger-in-closing': {
    en: 'The old side is being closed; there is no way back any more.',
    zh: '旧侧正在下线，已无退路。',
  },
})
