import { leadPastThePooler } from '../past-the-pooler.ts'
import { permitDeskPlan, permitDeskSystem } from '../plan.ts'
import { letters } from './letters.ts'
import { register } from './register.ts'
import type { LabSystem } from './system.ts'

const permitDesk: LabSystem = {
  name: 'permit-desk',
  ledger: permitDeskSystem,
  plan: (lab) => permitDeskPlan(lab),
  writers: 'permit-desk',
  hasJobs: true,
}

const withoutPooler: LabSystem = {
  ...permitDesk,
  name: 'permit-desk-direct',
  plan: (lab) => permitDeskPlan(lab, undefined, 'none'),
  install: leadPastThePooler,
  servesAtTheEnd: 'cloud',
}

/** Every system that a demonstration can move. */
export const labSystems: readonly LabSystem[] = [permitDesk, withoutPooler, register, letters]
